"use strict";
/* Sorts the pieces, and plays them one after the other as they stand. The page is whole without. */
(() => {
  const cards = document.querySelector(".cards"), tools = document.querySelector(".tools");
  const all = document.getElementById("all"), told = document.getElementById("told");
  if (!tools) return;
  tools.hidden = false;
  const rows = () => [...cards.children];
  const ways = {
    given: (a, b) => a.dataset.given - b.dataset.given,
    mood: (a, b) => b.dataset.valence - a.dataset.valence || ways.given(a, b),
    time: (a, b) => a.dataset.seconds - b.dataset.seconds || ways.given(a, b),
    name: (a, b) => a.dataset.name.localeCompare(b.dataset.name, "en", { numeric: true }) || ways.given(a, b),
  };
  tools.addEventListener("change", event => {
    const way = ways[event.target.value];
    if (way) cards.append(...rows().sort(way));
  });

  let now = null;
  const sounds = () => rows().map(row => row.querySelector("audio")).filter(Boolean);
  function stop() {
    if (now) {
      now.pause();
      now.closest("li").removeAttribute("aria-current");
    }
    now = null;
    all.setAttribute("aria-pressed", "false");
    all.textContent = "Play all";
    told.textContent = "";
  }
  function play(sound) {
    stop();
    if (!sound) return;
    now = sound;
    const row = sound.closest("li");
    row.setAttribute("aria-current", "true");
    row.scrollIntoView({ block: "nearest" });
    all.setAttribute("aria-pressed", "true");
    all.textContent = "Stop";
    told.textContent = `Playing ${row.dataset.name}.`;
    sound.currentTime = 0;
    sound.play().catch(() => next(sound)); // a file that has gone is passed over
  }
  function next(sound) {
    if (sound !== now) return;
    const row = sounds();
    play(row[row.indexOf(sound) + 1]);
  }
  if (!all) return;
  all.addEventListener("click", () => now ? stop() : play(sounds()[0]));
  for (const sound of sounds()) {
    sound.addEventListener("ended", () => next(sound));
    // Whoever plays one by its own controls wants that one alone.
    sound.addEventListener("play", () => {
      if (now && now !== sound) stop();
      sounds().forEach(other => { if (other !== sound) other.pause(); });
    });
  }
})();
