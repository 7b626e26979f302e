// The camera: orbit, walk, fly-to, follow, tour, and the view from a robot's tool.
import { CatmullRomCurve3, MathUtils, Vector3 } from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';

const FLY_MS = 900;
const EYE_M = 1.7;
const WALK_MPS = 6;
const LONGEST_STEP_S = 0.25;
const KEYS = {
  w: [1, 0], s: [-1, 0], a: [0, -1], d: [0, 1],
  arrowup: [1, 0], arrowdown: [-1, 0], arrowleft: [0, -1], arrowright: [0, 1],
};
const DIRECTIONS = { overview: [-0.2, -0.74, 0.72], front: [0, -1, 0.32], side: [-1, 0, 0.32], top: [0, -0.001, 1] };

const calm = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
const ease = (f) => f * f * (3 - 2 * f);

export class Rig {
  constructor(camera, element, scene, { changed, moved }) {
    this.camera = camera;
    this.scene = scene;
    this.changed = changed;
    this.moved = moved;
    this.flight = null;
    this.following = null;
    this.robot = null;
    this.walking = false;
    this.keys = new Set();
    this.controls = new OrbitControls(camera, element);
    Object.assign(this.controls, {
      enableDamping: !calm(), dampingFactor: 0.12, maxPolarAngle: Math.PI * 0.495, minDistance: 1.2,
      maxDistance: Math.max(400, 2.5 * Math.hypot(...scene.building.size)), zoomToCursor: true,
    });
    this.controls.addEventListener('change', changed);
    this.controls.addEventListener('start', () => this.interrupt());
    this.controls.addEventListener('end', () => this.moved());
  }

  interrupt() {
    this.flight = null;
    this.robot = null;
  }

  // Whether another frame is needed although nothing else happens.
  get busy() {
    return Boolean(this.flight || this.keys.size);
  }

  key(event, down) {
    const name = event.key.toLowerCase();
    if (!(name in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (name.startsWith('arrow') && !this.walking) return false;
    if (down) {
      this.interrupt();
      this.keys.add(name);
    } else this.keys.delete(name);
    this.last = null;
    return true;
  }

  // The eye from which a box fills the picture, seen along a direction.
  fit(box, direction, { margin = 1.06, centred = false } = {}) {
    const back = new Vector3().fromArray(direction).normalize();
    const right = new Vector3().crossVectors(new Vector3(0, 0, 1), back).normalize();
    const up = new Vector3().crossVectors(back, right);
    const tall = Math.tan(MathUtils.degToRad(this.camera.fov / 2)) / margin;
    const wide = tall * this.camera.aspect;
    const target = box.getCenter(new Vector3());
    const corners = Array.from({ length: 8 }, (_, k) => new Vector3(
      k & 1 ? box.max.x : box.min.x, k & 2 ? box.max.y : box.min.y, k & 4 ? box.max.z : box.min.z,
    ));
    let distance = 2;
    for (let pass = 0; pass < 4; pass += 1) {
      const seen = corners.map((corner) => corner.clone().sub(target));
      distance = Math.max(2, ...seen.map((c) => c.dot(back)
        + Math.max(Math.abs(c.dot(right)) / wide, Math.abs(c.dot(up)) / tall)));
      for (const axis of centred ? [] : [right, up]) {
        const at = seen.map((c) => c.dot(axis) / (distance - c.dot(back)));
        target.addScaledVector(axis, ((Math.max(...at) + Math.min(...at)) / 2) * distance * 0.8);
      }
    }
    return { eye: target.clone().addScaledVector(back, distance), target };
  }

  direction(name) {
    return DIRECTIONS[name];
  }

  // Go to a place at once or by flying there.
  go({ eye, target }, at_once = false) {
    this.leaveSpecial();
    if (at_once || calm()) {
      this.put(eye, target);
      return;
    }
    this.flight = {
      from: [this.camera.position.clone(), this.controls.target.clone()], to: [eye, target],
      began: performance.now(),
    };
    this.changed();
  }

  put(eye, target) {
    this.camera.position.copy(eye);
    this.controls.target.copy(target);
    this.controls.update();
    this.changed();
  }

  leaveSpecial() {
    this.interrupt();
    this.following = null;
    if (this.walking) this.walk(false);
  }

  walk(on) {
    this.walking = on;
    const { controls, camera } = this;
    Object.assign(controls, {
      enableZoom: !on, rotateSpeed: on ? -0.35 : 1, minDistance: on ? 0 : 1.2,
      maxPolarAngle: on ? Math.PI * 0.85 : Math.PI * 0.495,
    });
    if (!on) return;
    const eye = this.onWalkway(controls.target).setZ(EYE_M);
    const ahead = controls.target.clone().sub(eye).setZ(0);
    if (ahead.length() < 0.5) ahead.copy(controls.target).sub(camera.position).setZ(0);
    if (ahead.length() < 0.5) ahead.set(0, 1, 0);
    this.put(eye, eye.clone().addScaledVector(ahead.normalize(), 0.2));
  }

  // The nearest point of a walkway or aisle, so that nobody starts inside a machine.
  onWalkway(point) {
    const ways = this.scene.zones.filter((zone) => ['walkway', 'agv_aisle'].includes(zone.kind));
    const [l, w] = this.scene.building.size;
    const nearest = (zone) => new Vector3(...zone.corner.map((c, k) => Math.min(
      Math.max(point.getComponent(k), c + zone.size[k] * 0.3), c + zone.size[k] * 0.7,
    )), 0);
    const flat = point.clone().setZ(0);
    const found = ways.map(nearest).sort((a, b) => a.distanceTo(flat) - b.distanceTo(flat))[0] ?? flat;
    return found.clamp(new Vector3(1, 1, 0), new Vector3(l - 1, w - 1, 0));
  }

  // Fly through the plant along the stops of the tour.
  tour(stops) {
    this.leaveSpecial();
    const curve = (key) => new CatmullRomCurve3(stops.map((s) => new Vector3(...s[key])), false, 'centripetal');
    this.flight = {
      eyes: curve('eye'), targets: curve('target'), began: performance.now(), lasts: stops.length * 4000,
    };
    this.changed();
  }

  follow(id, from) {
    this.following = { id, last: from };
    this.changed();
  }

  ride(robot) {
    this.leaveSpecial();
    this.robot = robot;
    this.changed();
  }

  // Called before each frame; `where` gives the position of an object.
  step(now, where, toolFrame) {
    if (this.flight) this.fly(now);
    if (this.keys.size) this.stride(now);
    if (this.following) this.keepUp(where(this.following.id));
    if (this.robot !== null) this.look(toolFrame(this.robot));
    else this.controls.update();
  }

  fly(now) {
    const { from, to, eyes, targets, began, lasts = FLY_MS } = this.flight;
    const f = Math.min((now - began) / lasts, 1);
    if (eyes) {
      this.camera.position.copy(eyes.getPoint(f));
      this.controls.target.copy(targets.getPoint(f));
    } else {
      this.camera.position.lerpVectors(from[0], to[0], ease(f));
      this.controls.target.lerpVectors(from[1], to[1], ease(f));
    }
    if (f >= 1) {
      this.flight = null;
      this.moved();
    }
  }

  stride(now) {
    const passed = this.last ? Math.min((now - this.last) / 1000, LONGEST_STEP_S) : 0;
    this.last = now;
    const ahead = this.controls.target.clone().sub(this.camera.position).setZ(0).normalize();
    const right = new Vector3(ahead.y, -ahead.x, 0);
    const speed = this.walking ? WALK_MPS : Math.max(this.camera.position.distanceTo(this.controls.target), 6);
    const move = new Vector3();
    for (const key of this.keys) move.addScaledVector(ahead, KEYS[key][0]).addScaledVector(right, KEYS[key][1]);
    move.normalize().multiplyScalar(speed * passed);
    this.camera.position.add(move);
    this.controls.target.add(move);
  }

  keepUp(point) {
    if (!point) return;
    const move = point.clone().sub(this.following.last);
    this.camera.position.add(move);
    this.controls.target.add(move);
    this.following.last = point.clone();
  }

  // Beside the tool at the height of the wrist, looking at what it works on.
  look({ tip, out, back, length }) {
    const beside = new Vector3().crossVectors(out, back).normalize();
    this.camera.position.copy(tip).addScaledVector(out, -length * 0.9).addScaledVector(beside, 0.45 + length * 0.4);
    this.controls.target.copy(tip).addScaledVector(out, 0.1).addScaledVector(beside, -0.05);
    this.camera.lookAt(this.controls.target);
  }
}
