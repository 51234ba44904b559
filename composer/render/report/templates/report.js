"use strict";
/* Shows what shaped what. The page can be read without this; everything it says is on the page. */
(async () => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const piece = JSON.parse(await held.text("explanation"));
  const { of: targets, sets } = JSON.parse($("#targets").textContent);
  const rects = new Map();
  const told = $("#told"), sheet = $("#sheet"), clear = $("#clear"), map = $("#map"), seek = $("#seek");
  const root = document.documentElement;
  const metre = piece.plan.metre, end = piece.plan.bars * metre.ticks_per_bar;
  $("#dock").hidden = false;

  const SINGERS = new Set(["melody", "second-melody"]);
  const has = (set, note) => (parseInt(sets[set][note >> 2], 16) >> (note & 3)) & 1;
  const signs = text => text.replace(/\b([A-G])b(?![a-z])/g, "$1♭").replace(/#/g, "♯");
  const make = (tag, text, attributes = {}) => {
    const made = document.createElement(tag);
    made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };

  /* The whole piece in small, in the dock. */
  const keys = piece.notes.filter(note => note.part !== "drums").map(note => note.key);
  const low = Math.min(...keys, 127), high = Math.max(...keys, 0);
  map.setAttribute("viewBox", `0 0 ${end} ${high - low + 3}`);
  const drawn = (number, note) => {
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const drum = note.part === "drums";
    const place = { x: note.tick, width: drum ? 4 : note.duration, y: drum ? high - low + 2 : high - note.key, height: drum ? 1 : 1.4, class: note.part };
    for (const [name, value] of Object.entries(place)) rect.setAttribute(name, value);
    map.append(rect);
    rects.set(number, [rect]);
  };
  piece.notes.forEach((note, number) => { if (!SINGERS.has(note.part)) drawn(number, note); });
  piece.notes.forEach((note, number) => { if (SINGERS.has(note.part)) drawn(number, note); });
  const needle = document.createElementNS("http://www.w3.org/2000/svg", "line");
  needle.setAttribute("y1", 0);
  needle.setAttribute("y2", high - low + 3);
  map.append(needle);
  $$(".notes [data-note]").forEach(rect => rects.get(+rect.dataset.note).push(rect));
  await score.open(rects);

  /* Choosing: a rule, a decision, a region, a chord lights its notes; a note opens its causes. */
  let chosen = null;
  function light(strong, faint) {
    rects.forEach((all, number) => all.forEach(rect => {
      rect.classList.toggle("lit", strong(number));
      rect.classList.toggle("through", faint(number));
    }));
  }
  function press(target) {
    chosen = target;
    $$("[data-shows]").forEach(one => one.setAttribute("aria-pressed", String(one.dataset.shows === target)));
    root.classList.toggle("choosing", target !== null);
    root.classList.toggle("choosing-region", target !== null && target.startsWith("region:"));
    clear.hidden = target === null;
    $$("[aria-current]").forEach(one => one.removeAttribute("aria-current"));
  }
  function none() {
    press(null);
    light(() => false, () => false);
    told.replaceChildren();
    sheet.hidden = true;
  }
  function say(name, text) {
    told.replaceChildren(make("b", `${name.replace(/\.$/, "")}.`), ` ${text}`);
  }
  function choose(target) {
    if (chosen === target) return none();
    if (!targets[target]) return;
    const [name, text, strong, faint] = targets[target];
    press(target);
    light(note => has(strong, note), note => has(faint, note));
    say(name, text);
    sheet.hidden = true;
    if (target.startsWith("chord:")) chord(piece.harmony[+target.slice(6)]);
  }
  const button = (target, text) => {
    const made = make("button", text, { type: "button", class: "shows", "data-shows": target, "aria-pressed": "false" });
    return targets[target] ? made : document.createTextNode(text);
  };
  function rows(title, pairs) {
    const list = document.createElement("dl");
    for (const [term, ...values] of pairs) {
      const cell = document.createElement("dd");
      cell.append(...values);
      list.append(make("dt", term), cell);
    }
    sheet.replaceChildren(make("h2", title), list);
    sheet.hidden = false;
    sheet.scrollTop = 0;
  }
  const roman = text => text.replaceAll("b", "♭").replaceAll("#", "♯").replaceAll("o", "°");
  const minus = number => String(number).replace("-", "−");
  const cent = share => `${+(100 * share).toPrecision(2)} %`;
  const LENGTHS = JSON.parse($("#lengths").textContent);
  const lasting = ticks => LENGTHS[ticks] || `${ticks} ticks`;

  const named = one => {
    const held = one.part === "drums" ? one.pitch : `${signs(one.pitch)} ${lasting(one.duration)}`;
    return `${held}, bar ${one.bar} beat ${one.beat}, ${one.part}`;
  };

  function chord(span) {
    const others = Object.entries(span.alternatives).filter(([name]) => name !== span.roman);
    const costs = Object.entries(span.costs).map(([name, cost]) => `${name} ${minus(cost)}`);
    rows(`${roman(span.roman)} (${signs(span.symbol)}), bar ${span.bar} beat ${span.beat}`, [
      ["Function", `${span.function}, in ${signs(span.key)}${span.cadence ? `; at the ${span.cadence} cadence` : ""}`],
      ["Voices", `${span.voices.slice().reverse().map(signs).join(" ")}, from the bass`],
      ["The grammar", others.length ? `also offered ${others.map(([name, weight]) => `${roman(name)} ${cent(weight)}`).join(", ")}` : "offered nothing else"],
      ["Cost", costs.length ? `${costs.join(", ")} points` : "nothing"],
      ...(span.runner_up ? [["Next best", `${span.runner_up.voices.slice().reverse().map(signs).join(" ")}, dearer by ${span.runner_up.margin}`]] : []),
    ]);
  }
  const target = name => [`decision:${name}`, `theory:${name}`, name.replace(/^motif /, "motif:")].find(key => targets[key]);
  const linked = (names, text = name => name.replaceAll("_", " ")) =>
    names.flatMap((name, place) => [place ? ", " : "", target(name) ? button(target(name), text(name)) : text(name)]);

  function note(number) {
    const one = piece.notes[number], { cause } = one;
    const at = piece.harmony.findIndex(span => span.tick <= one.tick && one.tick < span.tick + span.duration);
    const region = piece.picture.regions.findIndex(each => each.name === cause.region);
    const title = named(one);
    const pairs = [["It is", cause.origin === cause.label ? cause.label : `${cause.label} (${cause.origin})`]];
    if (at >= 0 && one.part !== "drums") pairs.push(["Over", button(`chord:${at}`, `${roman(piece.harmony[at].roman)} (${signs(piece.harmony[at].symbol)})`)]);
    if (cause.rules.length) pairs.push(["Shaped by", ...linked(cause.rules)]);
    if (cause.motif) pairs.push(["Motif", `${cause.motif}, ${cause.action}, in ${cause.slot}`]);
    pairs.push(["Region", region >= 0 ? button(`region:${region}`, cause.region) : cause.region]);
    const { trace } = cause;
    if (trace) {
      const struck = Object.entries(trace.struck);
      if (struck.length) pairs.push(["Struck out", ...struck.flatMap(([rule, pitches], place) => [`${place ? "; " : ""}${pitches.map(signs).join(" ")} by `, ...linked([rule])])]);
      if (trace.proposed) {
        const by = trace.proposed, wish = choice => `${choice.pitch === null ? "a rest," : signs(choice.pitch)} ${lasting(choice.duration)}`;
        pairs.push(["The network", `wanted ${wish(by.wanted)} (${cent(by.wanted_share)}); this has ${cent(by.share)}; the rules left ${cent(by.allowed)} of all`]);
        if (by.runner_up) pairs.push(["Runner-up", `${wish(by.runner_up)} (${cent(by.runner_up_share)})`]);
      } else if (trace.weighed) {
        const by = trace.weighed, costs = Object.entries(by.costs).map(([name, cost]) => `${name} ${minus(cost)}`);
        pairs.push(["It costs", costs.join(", ") || "nothing"]);
        if (by.runner_up) pairs.push(["Runner-up", `${signs(by.runner_up)}, dearer by ${by.margin}`]);
      }
      const raised = 12 * piece.parts.find(part => part.part === one.part).octave;
      const away = Math.round(one.key - raised - trace.contour);
      pairs.push(["The skyline", away ? `wished it ${Math.abs(away)} semitone${Math.abs(away) === 1 ? "" : "s"} ${away > 0 ? "lower" : "higher"}` : "wished it here"]);
    }
    press(`note:${number}`);
    rects.get(number).forEach(rect => rect.setAttribute("aria-current", "true"));
    light(other => other === number, () => false);
    rows(title, pairs);
    say(title, `${cause.label}. Its causes are above.`);
  }

  document.addEventListener("click", event => {
    const asked = event.target.closest("[data-shows]");
    if (asked) return choose(asked.dataset.shows);
    const link = event.target.closest("a[href^='#']");
    if (link) {
      const goal = document.getElementById(link.getAttribute("href").slice(1));
      event.preventDefault(); // a page inside another would leave for that one's address
      goal.scrollIntoView();
      goal.tabIndex = -1;
      goal.focus({ preventScroll: true });
      return;
    }
    const head = event.target.closest(".sheets [data-note]");
    if (head) return note(+head.dataset.note);
    const staff = event.target.closest(".staff");
    if (staff) {
      const near = nearest(staff, event.clientX, event.clientY);
      if (near) { note(+near.dataset.note); roam(near); } else none();
    }
  });
  /* A finger is wider than a note: the nearest within reach is meant. */
  function nearest(staff, x, y) {
    let best = null, least = 14;
    for (const rect of $$("[data-note]", staff)) {
      const box = rect.getBoundingClientRect();
      const away = Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
      if (away <= least) { least = away; best = rect; }
    }
    return best;
  }
  clear.addEventListener("click", none);

  /* Keyboard: one stop in the roll; arrows go along a part, and from part to part. */
  const stops = $$(".notes rect:not([aria-hidden])");
  for (const rect of stops) {
    const one = piece.notes[rect.dataset.note];
    rect.setAttribute("role", "button");
    rect.tabIndex = -1;
    rect.append(document.createElementNS("http://www.w3.org/2000/svg", "title"));
    rect.firstChild.textContent = `${named(one)}, ${one.cause.label}`;
  }
  const parts = piece.parts.map(part => part.part);
  const lines = new Map(parts.map(part => [part, stops
    .filter(rect => piece.notes[rect.dataset.note].part === part)
    .sort((a, b) => piece.notes[a.dataset.note].tick - piece.notes[b.dataset.note].tick || piece.notes[b.dataset.note].key - piece.notes[a.dataset.note].key)]));
  let stop = (lines.get(parts[0]) || [])[0];
  function roam(rect) {
    if (rect.getAttribute("role") !== "button") rect = stops.find(one => one.dataset.note === rect.dataset.note);
    if (stop) stop.tabIndex = -1;
    stop = rect;
    stop.tabIndex = 0;
  }
  if (stop) roam(stop);
  document.addEventListener("keydown", event => {
    if (event.key === "Escape") {
      if ($("#dock").contains(event.target) && stop) stop.focus();
      return none();
    }
    const here = event.target.closest("[role=button]");
    if (!here) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (here.dataset.shows) choose(here.dataset.shows);
      else if (chosen === `note:${here.dataset.note}`) $("button", sheet)?.focus();
      else note(+here.dataset.note);
      return;
    }
    if (!here.dataset.note) return;
    const one = piece.notes[here.dataset.note], line = lines.get(one.part), place = line.indexOf(here);
    const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key], up = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    let goal = null;
    if (across) goal = line[place + across];
    else if (event.key === "Home") goal = line[0];
    else if (event.key === "End") goal = line.at(-1);
    else if (up) {
      const other = lines.get(parts[parts.indexOf(one.part) + up]);
      if (other) goal = other.reduce((best, each) => Math.abs(piece.notes[each.dataset.note].tick - one.tick) < Math.abs(piece.notes[best.dataset.note].tick - one.tick) ? each : best);
    } else return;
    event.preventDefault();
    if (goal) { roam(goal); goal.focus(); }
  });

  /* The player: a needle in the dock, a cursor over the roll, the sounding notes outlined. */
  const play = $("#play");
  const systems = $$(".system").map(system => ({ system, start: +system.dataset.start, ticks: +system.dataset.ticks, cursor: system.appendChild(make("div", "", { class: "cursor", hidden: "" })) }));
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let sounding = [];
  function show() {
    const ticks = Math.min(end, midi.toTicks(player.now())), rolling = player.playing();
    const shown = calm.matches ? Math.floor(ticks / metre.ticks_per_beat) * metre.ticks_per_beat : ticks;
    needle.setAttribute("x1", shown);
    needle.setAttribute("x2", shown);
    const bar = Math.min(piece.plan.bars - 1, Math.floor(ticks / metre.ticks_per_bar));
    if (document.activeElement !== seek || rolling) seek.value = bar;
    seek.setAttribute("aria-valuetext", `Bar ${bar + 1} of ${piece.plan.bars}`);
    const begun = rolling || ticks > 0;
    for (const { start, ticks: long, cursor } of systems) {
      cursor.hidden = !(begun && shown >= start && shown < start + long);
      cursor.style.left = `${100 * (shown - start) / long}%`;
    }
    sounding.forEach(number => rects.get(number).forEach(rect => rect.classList.remove("sounding")));
    sounding = [];
    if (rolling) piece.notes.forEach((one, number) => { if (one.tick <= ticks && ticks < one.tick + one.duration) sounding.push(number); });
    sounding.forEach(number => rects.get(number).forEach(rect => rect.classList.add("sounding")));
    if (rolling) score.turn(sounding.flatMap(number => rects.get(number)), calm.matches);
    if (rolling) requestAnimationFrame(show);
  }
  /* The phrase that sounds, again and again; and what only a sound of its own can do. */
  const loop = $("#loop"), half = $("#half"), volume = $("#volume"), begin = $("#begin");
  const phrases = piece.plan.phrases.map(one => {
    const start = (one.bar - 1) * metre.ticks_per_bar + (one.beat - 1) * metre.ticks_per_beat;
    return { start: midi.fromTicks(start), end: midi.fromTicks(start + one.duration) };
  });
  let again = null;
  function repeat() {
    if (again && player.playing() && player.now() >= again.end) player.seek(again.start);
  }
  setInterval(repeat, 20);
  loop.addEventListener("click", () => {
    const time = player.now() + .01;
    again = again ? null : phrases.find(one => time < one.end) || phrases.at(-1);
    loop.setAttribute("aria-pressed", Boolean(again));
  });
  if (player.speed) {
    half.addEventListener("click", () => {
      const slow = half.getAttribute("aria-pressed") !== "true";
      half.setAttribute("aria-pressed", slow);
      player.speed(slow ? .5 : 1);
    });
    volume.addEventListener("input", () => player.volume(volume.value / 100));
  } else {
    half.hidden = true;
    volume.parentElement.hidden = true;
  }
  begin.hidden = false;
  begin.addEventListener("click", player.toggle);
  play.addEventListener("click", player.toggle);
  player.heard(() => {
    const rolling = player.playing();
    play.classList.toggle("playing", rolling);
    play.setAttribute("aria-label", rolling ? "Pause" : "Play");
    begin.classList.toggle("playing", rolling);
    begin.querySelector("b").textContent = rolling ? "Pause" : "Play";
    show();
  });
  seek.max = piece.plan.bars - 1;
  seek.addEventListener("input", () => player.seek(midi.fromTicks(seek.value * metre.ticks_per_bar)));

  /* Files, from what the page holds. */
  const TYPES = { engraving: "image/svg+xml", musicxml: "application/vnd.recordare.musicxml+xml", explanation: "application/json" };
  for (const button of $$("[data-saves]")) {
    const { saves, file } = button.dataset;
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (saves === "sound") return held.save(file, player.file());
      const text = saves === "explanation" ? JSON.stringify(piece, null, 1) : await held.text(saves);
      held.save(file, text, TYPES[saves]);
    });
  }
  root.classList.add("js");
})();
