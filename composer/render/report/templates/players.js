"use strict";
/* Players alone or silent: the page holds each for himself, and the browser mixes those that are
   wanted, sample by sample, into a sound that plays on where the whole one was. */
const players = (() => {
  const store = document.getElementById("apart");
  if (!store || !window.OfflineAudioContext || !player.use) return null;
  const rate = 24000, count = Math.round(player.long * rate);
  const files = JSON.parse(store.textContent);
  let decoded = null;

  /* What an encoder puts before the sound is its own to say (RFC 7845, 5.1); most take it away. */
  function ahead(bytes, buffer) {
    const head = bytes.indexOf(0x4f, 28), skip = new DataView(bytes.buffer).getUint16(head + 10, true) / 48000 * rate;
    return buffer.length - count > skip / 2 ? skip / rate : 0;
  }
  async function decode(text) {
    const bytes = held.bytes(text);
    const buffer = await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes.buffer.slice(0));
    return { buffer, skip: ahead(bytes, buffer) };
  }
  /* The samples of those players that are heard, one channel at `rate`. */
  async function mixed(heard) {
    decoded ||= Promise.all(files.map(decode));
    const room = new OfflineAudioContext(1, count, rate);
    (await decoded).forEach(({ buffer, skip }, number) => {
      if (!heard(number)) return;
      const source = room.createBufferSource();
      source.buffer = buffer;
      source.connect(room.destination);
      source.start(0, skip);
    });
    return (await room.startRendering()).getChannelData(0);
  }
  function wave(samples) {
    const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
    const word = (at, text) => [...text].forEach((sign, place) => view.setUint8(at + place, sign.charCodeAt(0)));
    word(0, "RIFF"); view.setUint32(4, 36 + 2 * samples.length, true); word(8, "WAVEfmt ");
    view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
    view.setUint32(24, rate, true); view.setUint32(28, 2 * rate, true); view.setUint16(32, 2, true); view.setUint16(34, 16, true);
    word(36, "data"); view.setUint32(40, 2 * samples.length, true);
    samples.forEach((one, place) => view.setInt16(44 + 2 * place, Math.round(Math.max(-1, Math.min(1, one)) * 32767), true));
    return new Blob([view], { type: "audio/wav" });
  }

  /* One row of buttons a player. Whoever plays alone silences all that do not. */
  const desk = document.getElementById("desk"), rows = [...desk.querySelectorAll("[data-player]")];
  const on = (row, what) => row.querySelector(`.${what}`).getAttribute("aria-pressed") === "true";
  const heard = row => rows.some(each => on(each, "solo")) ? on(row, "solo") : !on(row, "mute");
  let turn = 0;
  async function change() {
    const mine = ++turn, now = rows.map(heard);
    rows.forEach((row, number) => {
      row.classList.toggle("silent", !now[number]);
      document.querySelectorAll(`.notes > .${row.dataset.player}, #map .${row.dataset.player}`).forEach(part => part.classList.toggle("silent", !now[number]));
    });
    const source = now.every(Boolean) ? null : URL.createObjectURL(wave(await mixed(number => now[number])));
    if (mine === turn) await player.use(source);
  }
  desk.addEventListener("click", event => {
    const button = event.target.closest("[aria-pressed]");
    if (!button) return;
    button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
    change();
  });
  const knob = document.getElementById("players");
  knob.hidden = false;
  knob.addEventListener("click", () => {
    desk.hidden = !desk.hidden;
    knob.setAttribute("aria-expanded", !desk.hidden);
  });
  return { mixed, rate };
})();
