"use strict";
/* Plays the piece's own sound where the page holds it, and else its MIDI file. */
const player = (() => {
  const audio = document.getElementById("sound");
  if (!audio) return synthesiser;
  // What an MP3 encoder and decoder put before the sound, where a browser does not take it away.
  const delay = 1105 / 44100, long = +audio.dataset.seconds;
  const lead = () => audio.duration - long > .02 ? delay : 0;
  const listeners = [];
  const tell = () => listeners.forEach(listen => listen());
  let playing = false;
  audio.controls = false;
  for (const event of ["play", "pause", "ended", "seeked"]) audio.addEventListener(event, () => {
    playing = !audio.paused && !audio.ended;
    if (event === "ended") audio.currentTime = 0;
    tell();
  });
  return {
    toggle() {
      if (audio.paused) audio.play();
      else audio.pause();
    },
    seek: seconds => { audio.currentTime = Math.max(0, Math.min(long, seconds) + lead()); },
    now: () => Math.max(0, Math.min(midi.length, audio.currentTime - lead())),
    heard: listen => listeners.push(listen),
    playing: () => playing,
    volume: level => { audio.volume = level; },
    speed: rate => { audio.preservesPitch = true; audio.playbackRate = rate; },
    file: () => audio.src,
  };
})();
