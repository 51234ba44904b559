"use strict";
/* Plays the piece's own sound where the page holds it, and else its MIDI file. */
const player = (() => {
  const whole = document.getElementById("sound");
  if (!whole) return synthesiser;
  // What an MP3 encoder and decoder put before the sound, where a browser does not take it away.
  const delay = 1105 / 44100, long = +whole.dataset.seconds;
  const lead = () => audio === whole && audio.duration - long > .02 ? delay : 0;
  const listeners = [];
  const tell = () => listeners.forEach(listen => listen());
  let audio = whole, playing = false, asked = 0, done = 0, rate = 1;
  whole.controls = false;

  function listen(element) {
    for (const event of ["play", "pause", "ended", "seeked"]) element.addEventListener(event, () => {
      if (element !== audio) return;
      playing = !audio.paused && !audio.ended;
      if (event === "ended") audio.currentTime = 0;
      tell();
    });
  }
  listen(whole);
  const once = (element, event) => new Promise(done => element.addEventListener(event, done, { once: true }));
  const now = () => Math.max(0, Math.min(midi.length, audio.currentTime - lead()));
  const paced = () => { audio.preservesPitch = true; audio.defaultPlaybackRate = audio.playbackRate = rate; };

  /* Another mix of the same piece goes on where this one is, and as it is. */
  async function use(source) {
    const turn = ++asked, next = source ? new Audio(source) : whole;
    if (next !== whole) listen(next);
    if (next.readyState < 1) await once(next, "loadedmetadata");
    next.currentTime = now();
    if (next.seeking) await once(next, "seeked");
    if (turn !== asked) return;
    const before = audio, rolling = !before.paused && !before.ended, place = now();
    next.volume = before.volume;
    audio = next;
    paced();
    audio.currentTime = place + lead();
    if (rolling) await audio.play();
    before.pause();
    if (before !== whole) URL.revokeObjectURL(before.src);
    done = turn;
    tell();
  }
  return {
    toggle() {
      if (audio.paused) audio.play();
      else audio.pause();
    },
    seek: seconds => { audio.currentTime = Math.max(0, Math.min(long, seconds) + lead()); },
    now, use, long, turns: () => done, pace: () => audio.playbackRate,
    heard: listen => listeners.push(listen),
    playing: () => playing,
    volume: level => { audio.volume = level; },
    speed: pace => { rate = pace; paced(); },
    file: () => whole.src,
  };
})();
