// Everything at one time, from the keys of a chunk: only linear interpolation between keys.
import { lastAt } from './data.js';

const mix = (a, b, f) => a + (b - a) * f;

export class Moment {
  constructor(scene) {
    this.scene = scene;
    this.angles = scene.robots.map((r) => r.steps[0].angles[0].slice());
    this.holding = scene.robots.map(() => false);
    this.step = scene.robots.map(() => -1);
    this.cause = scene.robots.map(() => 0);
    this.poses = scene.movers.map((mover) => ({
      x: mover.position[0], y: mover.position[1], z: mover.position[2], heading_deg: 0,
      item: -1, load: 0, shown: true, moving: false, walked_m: 0,
    }));
    this.state = new Int32Array(scene.resources.length).fill(-1);
    this.reason = new Int32Array(scene.resources.length).fill(-1);
    this.since = new Float64Array(scene.resources.length);
    this.riders = [];
    this.lots = [];
    this.carried = [];
    this.lotsFrom = 0;
    this.lotsUntil = -1;
    this.chunk = null;
  }

  set(chunk, time) {
    const t = time - chunk.start;
    const moved = chunk !== this.chunk;
    this.chunk = chunk;
    for (let i = 0; i < this.angles.length; i += 1) this.robot(chunk, i, t);
    for (let i = 0; i < this.poses.length; i += 1) this.mover(chunk, i, t);
    for (let i = 0; i < this.state.length; i += 1) this.resource(chunk, i, t);
    this.ride(chunk, t);
    const changed = moved || t < this.lotsFrom || t >= this.lotsUntil;
    if (changed) this.rest(chunk, t);
    this.load(chunk);
    return changed;
  }

  robot(chunk, i, t) {
    const [from, to] = [chunk.robot_first[i], chunk.robot_first[i + 1]];
    if (from === to) return;
    const k = lastAt(chunk.robot_start, from, to, t);
    const { steps } = this.scene.robots[i];
    const step = steps[chunk.robot_step[k]];
    const tau = (t - chunk.robot_start[k]) * chunk.robot_rate[k];
    this.step[i] = tau >= 0 && tau <= step.nominal_s + 1e-6 ? chunk.robot_step[k] : -1;
    this.cause[i] = chunk.robot_cause[k];
    this.holding[i] = step.holding;
    blend(step.times, step.angles, Math.min(Math.max(tau, 0), step.nominal_s), this.angles[i]);
  }

  mover(chunk, i, t) {
    const [from, to] = [chunk.mover_first[i], chunk.mover_first[i + 1]];
    const pose = this.poses[i];
    pose.shown = from < to;
    if (from === to) return;
    const a = lastAt(chunk.mover_t, from, to, t);
    const b = Math.min(a + 1, to - 1);
    const span = chunk.mover_t[b] - chunk.mover_t[a];
    const f = span > 0 ? Math.min(Math.max((t - chunk.mover_t[a]) / span, 0), 1) : 0;
    pose.x = mix(chunk.mover_x[a], chunk.mover_x[b], f);
    pose.y = mix(chunk.mover_y[a], chunk.mover_y[b], f);
    pose.z = mix(chunk.mover_z[a], chunk.mover_z[b], f);
    pose.heading_deg = mix(chunk.mover_heading[a], chunk.mover_heading[b], f);
    pose.load = 0;
    const length = Math.hypot(chunk.mover_x[b] - chunk.mover_x[a], chunk.mover_y[b] - chunk.mover_y[a]);
    pose.moving = length > 1e-3 && f < 1;
    pose.walked_m = length * f;
  }

  resource(chunk, i, t) {
    const [from, to] = [chunk.state_first[i], chunk.state_first[i + 1]];
    if (from === to) return;
    const k = lastAt(chunk.state_t, from, to, t);
    this.state[i] = chunk.state_code[k];
    this.reason[i] = chunk.state_reason[k];
    this.since[i] = chunk.start + chunk.state_t[k];
  }

  // Lots in motion on belts.
  ride(chunk, t) {
    let n = 0;
    for (let i = 0; i < chunk.riding_begin.length; i += 1) {
      const [begin, end] = [chunk.riding_begin[i], chunk.riding_end[i]];
      if (begin > t || end <= t) continue;
      const f = (t - begin) / (end - begin);
      const rider = (this.riders[n] ??= {});
      rider.x = mix(chunk.riding_x[i], chunk.riding_to_x[i], f);
      rider.y = mix(chunk.riding_y[i], chunk.riding_to_y[i], f);
      rider.z = mix(chunk.riding_z[i], chunk.riding_to_z[i], f);
      rider.heading_deg = chunk.riding_heading[i];
      rider.item = chunk.riding_item[i];
      rider.place = chunk.riding_where[i];
      n += 1;
    }
    this.riders.length = n;
  }

  // Lots at rest: only looked for again when one comes or goes.
  rest(chunk, t) {
    this.lotsFrom = -Infinity;
    this.lotsUntil = Infinity;
    this.lots = this.holdingNow(chunk.resting_begin, chunk.resting_end, t);
    this.carried = this.holdingNow(chunk.carried_begin, chunk.carried_end, t);
  }

  holdingNow(begins, ends, t) {
    const found = [];
    for (let i = 0; i < begins.length; i += 1) {
      if (begins[i] <= t && t < ends[i]) found.push(i);
      for (const change of [begins[i], ends[i]]) {
        if (change <= t) this.lotsFrom = Math.max(this.lotsFrom, change);
        else this.lotsUntil = Math.min(this.lotsUntil, change);
      }
    }
    return found;
  }

  load(chunk) {
    for (const i of this.carried) {
      const pose = this.poses[chunk.carried_where[i]];
      if (!pose) continue;
      pose.load += 1;
      pose.item = chunk.carried_item[i];
    }
  }

  // Lots in a place, resting or riding.
  level(place) {
    const where = this.chunk?.resting_where;
    return this.lots.reduce((n, i) => n + (where[i] === place), 0)
      + this.riders.reduce((n, rider) => n + (rider.place === place), 0);
  }
}

function blend(times, rows, tau, out) {
  const a = lastAt(times, 0, times.length, tau);
  const b = Math.min(a + 1, times.length - 1);
  const span = times[b] - times[a];
  const f = span > 0 ? (tau - times[a]) / span : 0;
  for (let k = 0; k < 6; k += 1) out[k] = mix(rows[a][k], rows[b][k], f);
}
