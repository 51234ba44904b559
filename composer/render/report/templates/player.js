"use strict";
/* Reads the page's own MIDI file and plays it: what is heard is what the file holds. */
const midi = (() => {
  const bytes = Uint8Array.from(atob(document.getElementById("midi").href.split(",")[1]), c => c.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const division = view.getUint16(12);
  const tempi = [], keys = [];
  let at = 14;
  while (at < bytes.length) {
    const end = at + 8 + view.getUint32(at + 4);
    at += 8;
    let pulse = 0, status = 0;
    const number = () => { let value = 0, byte; do { byte = bytes[at++]; value = value * 128 + (byte & 127); } while (byte & 128); return value; };
    const channel = { program: 0, volume: 100, pan: 64, drums: false }, open = new Map(), held = [];
    let pedal = false;
    const release = (note, time) => { note.end = time; };
    while (at < end) {
      pulse += number();
      if (bytes[at] & 128) status = bytes[at++];
      if (status === 255) {
        const kind = bytes[at++], size = number();
        if (kind === 0x51) tempi.push({ pulse, micros: (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2] });
        at += size;
      } else if (status >= 0xf0) {
        at += number();
      } else {
        const kind = status >> 4, one = bytes[at++], two = kind === 12 || kind === 13 ? 0 : bytes[at++];
        if (kind === 12) { channel.program = one; channel.drums = (status & 15) === 9; }
        else if (kind === 11 && one === 7) channel.volume = two;
        else if (kind === 11 && one === 10) channel.pan = two;
        else if (kind === 11 && one === 64) {
          pedal = two >= 64;
          if (!pedal) { held.forEach(note => release(note, pulse)); held.length = 0; }
        } else if (kind === 9 && two > 0) {
          const note = { start: pulse, end: pulse, key: one, velocity: two, channel };
          open.set(one, note);
          keys.push(note);
        } else if (kind === 8 || kind === 9) {
          const note = open.get(one);
          open.delete(one);
          if (note) { if (pedal) held.push(note); else release(note, pulse); }
        }
      }
    }
    at = end;
  }
  tempi.sort((a, b) => a.pulse - b.pulse);
  let seconds = 0, before = { pulse: 0, micros: 500000 };
  const map = tempi.map(tempo => {
    seconds += (tempo.pulse - before.pulse) * before.micros / 1e6 / division;
    before = tempo;
    return { ...tempo, seconds };
  });
  if (!map.length || map[0].pulse > 0) map.unshift({ pulse: 0, micros: 500000, seconds: 0 });
  const toSeconds = pulse => {
    const from = map.findLast(tempo => tempo.pulse <= pulse);
    return from.seconds + (pulse - from.pulse) * from.micros / 1e6 / division;
  };
  const toTicks = time => {
    const from = map.findLast(tempo => tempo.seconds <= time) || map[0];
    return (from.pulse + (time - from.seconds) * 1e6 * division / from.micros) * 24 / division;
  };
  const notes = keys.sort((a, b) => a.start - b.start).map(note => (
    { ...note, at: toSeconds(note.start), until: toSeconds(note.end) }));
  return { notes, toTicks, fromTicks: ticks => toSeconds(ticks * division / 24), length: Math.max(0, ...notes.map(note => note.until)) };
})();

/* A small synthesiser: a few partials and an envelope for each family of General MIDI. */
const voices = [
  { until: 8, partials: [1, .5, .25, .12], decay: 1.1, attack: .004, release: .15 },      // pianos
  { until: 16, partials: [1, 0, .3, .1], decay: .9, attack: .002, release: .3 },          // bells, bars
  { until: 24, partials: [1, .6, .3, .3, .1], attack: .03, release: .08 },                // organs
  { until: 32, partials: [1, .6, .35, .2, .1], decay: .7, attack: .003, release: .12 },   // guitars
  { until: 40, partials: [1, .5, .2], decay: .6, attack: .006, release: .1 },             // basses
  { until: 45, partials: [1, .55, .4, .25, .18, .1], attack: .07, release: .16 },         // bowed
  { until: 48, partials: [1, .4, .2, .08], decay: .7, attack: .003, release: .2 },        // plucked, harp
  { until: 56, partials: [1, .5, .35, .2, .1], attack: .1, release: .3 },                 // ensembles
  { until: 64, partials: [1, .8, .6, .4, .25, .12], attack: .04, release: .1 },           // brass
  { until: 72, partials: [1, .25, .6, .15, .25], attack: .03, release: .1 },              // reeds
  { until: 80, partials: [1, .25, .08], attack: .05, release: .12 },                      // pipes
  { until: 128, partials: [1, .4, .3, .15], attack: .06, release: .3 },
];

const synthesiser = (() => {
  let context, out, waves, hiss, timer, next = 0, origin = 0, from = 0, playing = false;
  const ahead = .6;
  const listeners = [];
  const tell = () => listeners.forEach(listen => listen());

  function open() {
    context = new (window.AudioContext || window.webkitAudioContext)();
    waves = new Map();
    hiss = context.createBuffer(1, context.sampleRate / 2, context.sampleRate);
    const samples = hiss.getChannelData(0);
    let state = 1;
    for (let i = 0; i < samples.length; i++) {
      state = (state * 16807) % 2147483647;
      samples[i] = state / 1073741824 - 1;
    }
  }
  function bus() {
    if (out) out.disconnect();
    out = context.createGain();
    const squeeze = context.createDynamicsCompressor();
    out.gain.value = .8;
    out.connect(squeeze).connect(context.destination);
  }
  function wave(voice) {
    if (!waves.has(voice)) {
      const parts = Float32Array.from([0, ...voice.partials]);
      waves.set(voice, context.createPeriodicWave(new Float32Array(parts.length), parts));
    }
    return waves.get(voice);
  }
  function sound(note, time) {
    const { channel } = note;
    const level = context.createGain(), place = context.createStereoPanner();
    const loud = (note.velocity / 127) ** 1.6 * (channel.volume / 127) ** 1.2;
    place.pan.value = (channel.pan - 64) / 64;
    level.connect(place).connect(out);
    let source, end;
    if (channel.drums) {
      const low = note.key <= 36;
      source = low ? context.createOscillator() : context.createBufferSource();
      end = time + (low ? .25 : note.key === 46 || note.key >= 49 ? .4 : .12);
      if (low) {
        source.frequency.setValueAtTime(120, time);
        source.frequency.exponentialRampToValueAtTime(45, end);
        source.connect(level);
      } else {
        const filter = context.createBiquadFilter();
        filter.type = "highpass";
        filter.frequency.value = note.key < 42 ? 1200 : 6000;
        source.buffer = hiss;
        source.connect(filter).connect(level);
      }
      level.gain.setValueAtTime(loud * (low ? .8 : .25), time);
      level.gain.exponentialRampToValueAtTime(.0005, end);
    } else {
      const voice = voices.find(one => channel.program < one.until);
      const pitch = 440 * 2 ** ((note.key - 69) / 12), peak = loud * .5;
      const stop = Math.max(time + voice.attack, time + note.until - note.at);
      source = context.createOscillator();
      source.setPeriodicWave(wave(voice));
      source.frequency.value = pitch;
      source.connect(level);
      level.gain.setValueAtTime(0, time);
      level.gain.linearRampToValueAtTime(peak, time + voice.attack);
      if (voice.decay) level.gain.setTargetAtTime(0, time + voice.attack, voice.decay * (60 / note.key) ** 1.5);
      level.gain.setTargetAtTime(0, stop, voice.release / 3);
      end = stop + voice.release * 2;
    }
    source.start(time);
    source.stop(end);
    source.onended = () => place.disconnect();
  }
  const now = () => playing ? Math.min(midi.length, Math.max(from, from + context.currentTime - origin)) : from;
  function schedule() {
    const time = now();
    while (next < midi.notes.length && midi.notes[next].at < time + ahead) {
      const note = midi.notes[next++];
      sound(note, Math.max(context.currentTime, origin + note.at - from));
    }
    if (time >= midi.length) { stop(); from = 0; tell(); }
  }
  function start() {
    if (!context) open();
    context.resume();
    bus();
    if (from >= midi.length - .05) from = 0;
    next = midi.notes.findIndex(note => note.at >= from - .001);
    if (next < 0) next = midi.notes.length;
    origin = context.currentTime + .08;
    playing = true;
    schedule();
    timer = setInterval(schedule, 120);
    tell();
  }
  function stop() {
    from = now();
    playing = false;
    clearInterval(timer);
    if (out) { out.disconnect(); out = null; }
    tell();
  }
  return {
    toggle: () => playing ? stop() : start(),
    seek(seconds) {
      const was = playing;
      if (was) stop();
      from = Math.min(midi.length, Math.max(0, seconds));
      if (was) start(); else tell();
    },
    now, heard: listen => listeners.push(listen), playing: () => playing,
  };
})();
