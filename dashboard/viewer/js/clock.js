// The playhead: the browser owns the clock; Dash hears of it at most four times a second.
const REPORT_MS = 250;

export class Clock {
  constructor(report) {
    this.report = report;
    this.time = 0;
    this.end = 0;
    this.playing = false;
    this.speed = 1;
    this.loop = null;
    this.reported = 0;
    this.last = null;
  }

  seek(time) {
    if (!Number.isFinite(time)) return;
    this.time = Math.min(Math.max(time, 0), this.end);
    this.tell(performance.now(), true);
  }

  play(playing) {
    this.playing = playing;
    this.last = null;
  }

  // Advance to the wall-clock time `now`; `held` keeps the time while data is being loaded.
  tick(now, held) {
    if (!this.playing) return;
    const passed = this.last === null ? 0 : Math.min((now - this.last) / 1000, 0.25);
    this.last = now;
    if (held) return;
    this.time += passed * this.speed;
    const [from, to] = this.loop ?? [0, this.end];
    const ran = this.speed < 0 ? this.time < from : this.time > to;
    if (ran && this.loop) this.time = this.speed < 0 ? to : from;
    else if (ran) this.stop(this.speed < 0 ? 0 : this.end);
    this.tell(now, false);
  }

  stop(time) {
    this.time = time;
    this.playing = false;
    this.report({ playhead: this.time, playing: false });
  }

  tell(now, force) {
    if (!force && now - this.reported < REPORT_MS) return;
    this.reported = now;
    this.report({ playhead: Math.round(this.time * 1000) / 1000 });
  }
}
