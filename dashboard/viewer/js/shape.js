// Geometry of composite things: boxes and cylinders with vertex colours, merged into one mesh.
import { BufferGeometry, Color, Float32BufferAttribute, Matrix4, Vector3 } from 'three';

const FACES = [
  [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[-1, 0, 0], [0, -1, 0], [0, 0, 1]],
  [[0, 1, 0], [-1, 0, 0], [0, 0, 1]], [[0, -1, 0], [1, 0, 0], [0, 0, 1]],
  [[0, 0, 1], [1, 0, 0], [0, 1, 0]], [[0, 0, -1], [-1, 0, 0], [0, 1, 0]],
];
const EDGES = [];
for (const a of [-1, 1]) {
  for (const b of [-1, 1]) {
    EDGES.push([[a, b, -1], [a, b, 1]], [[a, -1, b], [a, 1, b]], [[-1, a, b], [1, a, b]]);
  }
}

const colours = new Map();
export function linear(colour) {
  if (!colours.has(colour)) colours.set(colour, new Color(colour));
  return colours.get(colour);
}

export class Shape {
  constructor() {
    this.position = [];
    this.normal = [];
    this.colour = [];
    this.index = [];
    this.edge = [];
    this.matrix = new Matrix4();
    this.point = new Vector3();
  }

  // Everything added from now on is placed at a position, turned about the vertical.
  at(position, headingDeg = 0) {
    this.matrix.makeRotationZ((headingDeg * Math.PI) / 180).setPosition(...position);
    return this;
  }

  box(centre, size, colour, outline = true) {
    const half = size.map((s) => s / 2);
    const where = (p) => centre.map((c, k) => c + p[k] * half[k]);
    for (const [n, u, v] of FACES) {
      const first = this.position.length / 3;
      for (const [a, b] of [[-1, -1], [1, -1], [1, 1], [-1, 1]]) {
        this.vertex(where(n.map((c, k) => c + a * u[k] + b * v[k])), n, colour);
      }
      this.index.push(first, first + 1, first + 2, first, first + 2, first + 3);
    }
    if (outline) for (const [a, b] of EDGES) this.line(where(a), where(b));
    return this;
  }

  // A cylinder or cone from `a` to `b`.
  rod(a, b, radius, colour, radiusEnd = radius, sides = 12) {
    const axis = new Vector3().fromArray(b).sub(new Vector3().fromArray(a)).normalize();
    const side = Math.abs(axis.z) < 0.9 ? new Vector3(0, 0, 1) : new Vector3(1, 0, 0);
    const u = new Vector3().crossVectors(axis, side).normalize();
    const v = new Vector3().crossVectors(axis, u);
    const first = this.position.length / 3;
    const ends = [[a, radius, -1], [b, radiusEnd, 1]];
    for (let k = 0; k <= sides; k += 1) {
      const angle = (2 * Math.PI * k) / sides;
      const n = u.clone().multiplyScalar(Math.cos(angle)).addScaledVector(v, Math.sin(angle));
      for (const [end, r, way] of ends) {
        const rim = end.map((c, i) => c + r * n.getComponent(i));
        this.vertex(rim, n.toArray(), colour);
        this.vertex(rim, axis.toArray().map((c) => c * way), colour);
      }
    }
    for (let k = 0; k < sides; k += 1) {
      const p = first + 4 * k;
      this.index.push(p, p + 4, p + 6, p, p + 6, p + 2);
      if (k > 0 && k < sides - 1) this.caps(first, p);
    }
    return this;
  }

  caps(first, p) {
    this.index.push(first + 1, p + 5, p + 1, first + 3, p + 3, p + 7);
  }

  vertex(p, n, colour) {
    const { r, g, b } = linear(colour);
    this.point.fromArray(p).applyMatrix4(this.matrix);
    this.position.push(this.point.x, this.point.y, this.point.z);
    this.point.fromArray(n).transformDirection(this.matrix);
    this.normal.push(this.point.x, this.point.y, this.point.z);
    this.colour.push(r, g, b);
  }

  line(a, b) {
    for (const p of [a, b]) {
      this.point.fromArray(p).applyMatrix4(this.matrix);
      this.edge.push(this.point.x, this.point.y, this.point.z);
    }
  }

  geometry() {
    const made = new BufferGeometry();
    made.setAttribute('position', new Float32BufferAttribute(this.position, 3));
    made.setAttribute('normal', new Float32BufferAttribute(this.normal, 3));
    made.setAttribute('color', new Float32BufferAttribute(this.colour, 3));
    made.setIndex(this.index);
    return made;
  }

  edges() {
    const made = new BufferGeometry();
    made.setAttribute('position', new Float32BufferAttribute(this.edge, 3));
    return made;
  }
}
