// Measures a line against our own server, then the microphone if the person presses its button. Sends figures, never sound.
import SpeedTest from "./vendor/speedtest/speedtest.js";

const form = document.querySelector("[data-measure]");
const part = (name) => form.querySelector(`[data-${name}]`);
const plan = JSON.parse(form.dataset.plan);
const relay = JSON.parse(form.dataset.relay);
const words = JSON.parse(form.dataset.words);
const two = (number) => Math.round(number * 100) / 100;
const samples = {};
let engine = null;
let startedAt = 0;
let phase = "";

const say = (name) => { part("status").textContent = words[name] ?? name; };
const show = (name, isShown) => { part(name).hidden = !isShown; };

function steps() {
  return plan.steps.flatMap(({ kind, count, bytes, warms_up }) => {
    if (kind === "latency") return [{ type: "latency", numPackets: count }];
    if (kind === "loss") return relay.uri ? [{ type: "packetLoss", numPackets: count, batchSize: 10, batchWaitTime: 20, responsesWaitTime: 3000 }] : [];
    return [{ type: kind, bytes, count, bypassMinDuration: warms_up }];
  });
}

const timings = (type) => Object.values(engine.results.raw[type]?.results ?? {}).flatMap((one) => one.timings ?? []).length
  + (engine.results.raw[type]?.results?.timings?.length ?? 0);

function progress() {
  const done = ["latency", "download", "upload"].reduce((sum, type) => sum + timings(type), 0);
  const all = plan.steps.filter((step) => step.kind !== "loss").reduce((sum, step) => sum + step.count, 0);
  part("bar").value = Math.min(99, Math.round((100 * done) / all));
}

// A moment counts from the start: the clock of the device stays the person's own.
const at = (timing) => Math.max(0, new Date(timing.measTime).getTime() - startedAt);
const inOrder = (entries) => entries.sort((one, other) => one.at_ms - other.at_ms);
const pings = (found) => inOrder(found.map((one) => ({ at_ms: at(one), ms: two(one.ping) })));

function transfers(type) {
  const bySize = Object.entries(engine.results.raw[type]?.results ?? {});
  return inOrder(bySize.flatMap(([bytes, { timings: found }]) => found.map((one) => ({ at_ms: at(one), bytes: Number(bytes), ms: Math.max(0.1, two(one.duration)) }))));
}

const beside = (type) => pings(Object.values(engine.results.raw[type]?.results ?? {}).flatMap((one) => one.sideLatency ?? []));

function collect() {
  samples.idle = pings((engine.results.raw.latency?.results?.timings ?? []).slice(1)); // the first one warms the connection up
  samples.loaded_down = beside("download");
  samples.loaded_up = beside("upload");
  samples.down = transfers("download").slice(1);
  samples.up = transfers("upload");
  const lost = engine.results.raw.packetLoss;
  samples.loss = lost?.finished && !lost.error && lost.results?.numMessagesSent
    ? { sent: lost.results.numMessagesSent, lost: lost.results.lostMessages.length } : null;
}

function measure() {
  show("start", false); show("again", false); show("running", true); show("problem", false);
  phase = ""; startedAt = Date.now();
  // Every address is ours, and nothing is reported to anybody.
  engine = new SpeedTest({
    autoStart: false, downloadApiUrl: form.dataset.down, uploadApiUrl: form.dataset.up,
    logAimApiUrl: null, logMeasurementApiUrl: null, turnServerCredsApiUrl: null,
    turnServerUri: relay.uri ?? null, turnServerUser: relay.user ?? null, turnServerPass: relay.password ?? null,
    measurements: steps(), bandwidthFinishRequestDuration: plan.finish_ms, loadedLatencyThrottle: plan.load_every_ms,
    loadedRequestMinDuration: plan.loading_ms, loadedLatencyMaxPoints: 200,
  });
  engine.onPhaseChange = ({ measurement }) => {
    if (measurement.type !== phase) say(measurement.type);
    phase = measurement.type;
  };
  engine.onResultsChange = progress;
  engine.onFinish = finish;
  engine.onError = (error) => { if (phase !== "packetLoss") stop("lost"); else console.info(error); };
  engine.play();
}

function finish() {
  collect();
  engine = null;
  part("bar").value = 100;
  say("done");
  show("running-bar", false); show("microphone", true); show("send", true);
  part("microphone").querySelector("h2").focus();
}

function stop(why) {
  engine?.pause();
  engine = null;
  show("running", false); show("again", true);
  tell(words[why]);
}

function tell(sentence) {
  part("problem").textContent = sentence;
  show("problem", true);
}

// In a page that is not seen a browser slows its clocks: what it measures then is not the line.
document.addEventListener("visibilitychange", () => { if (document.hidden && engine) stop("hidden"); });

async function levels(analyser, forMs) {
  const wave = new Float32Array(analyser.fftSize);
  const found = [];
  const until = performance.now() + forMs;
  while (performance.now() < until) {
    await new Promise((next) => setTimeout(next, 50));
    analyser.getFloatTimeDomainData(wave);
    const power = wave.reduce((sum, one) => sum + one * one, 0) / wave.length;
    const level = Math.max(-120, Math.min(0, 10 * Math.log10(power || 1e-12)));
    part("level").value = level;
    found.push(two(level));
  }
  return found;
}

async function listen() {
  const button = part("listen");
  const hear = (name) => { part("heard").textContent = words[name]; };
  button.disabled = true;
  let stream = null;
  let context = null;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
    context = new AudioContext();
    await context.resume();
    const analyser = context.createAnalyser();
    analyser.fftSize = 2048;
    context.createMediaStreamSource(stream).connect(analyser); // to the analyser only: nothing is recorded, nothing is played
    show("meter", true);
    hear("quiet");
    const quiet = await levels(analyser, plan.quiet_ms);
    hear("speak");
    const voice = await levels(analyser, plan.voice_ms);
    samples.microphone = { quiet_db: quiet, voice_db: voice };
    hear("listened");
    button.textContent = words.again;
  } catch {
    hear("no_microphone");
  } finally {
    stream?.getTracks().forEach((track) => track.stop());
    await context?.close();
    show("meter", false);
    button.disabled = false;
  }
}

async function send(event) {
  event.preventDefault();
  const button = part("send").querySelector("button");
  button.disabled = true;
  show("problem", false);
  form.elements.samples.value = JSON.stringify(samples);
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (answer.ok) { location.assign(answer.url); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = [...page.querySelectorAll("[data-refusal]")].map((one) => one.textContent.trim());
    tell(found.join(" ") || words.not_kept);
    show("again", true); show("send", false); show("microphone", false); show("running", false);
  } catch {
    tell(words.not_sent); // the figures stay on this page
  }
  button.disabled = false;
}

part("start").addEventListener("click", measure);
part("again").querySelector("button").addEventListener("click", () => { show("running-bar", true); show("send", false); show("microphone", false); measure(); });
part("listen").addEventListener("click", listen);
form.addEventListener("submit", send);
form.hidden = false;
