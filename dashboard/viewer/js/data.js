// The run as the server delivers it: one scene, and chunks of ten minutes ("TWN1": header, blocks).
const TYPES = { f4: Float32Array, i4: Int32Array };
const KEPT_CHUNKS = 12;
const sources = new Map();

// Views of the same run share its data.
export function sourceOf(src) {
  if (!sources.has(src)) {
    for (const old of [...sources.keys()].slice(0, -1)) sources.delete(old);
    sources.set(src, new Source(src));
  }
  return sources.get(src);
}

class Source {
  constructor(src) {
    const [path, query] = src.split('?');
    this.url = (name) => `${path}/${name}${query ? `?${query}` : ''}`;
    this.chunks = new Map();
    this.asked = new Map();
    this.failed = new Map();
    this.scene = fetchOk(this.url('scene.json')).then((r) => r.json());
  }

  // The chunk if it is here, else undefined; asking starts loading it.
  chunk(k) {
    const found = this.chunks.get(k);
    if (!found && !this.failed.has(k)) this.load(k);
    return found;
  }

  load(k) {
    if (this.asked.has(k)) return this.asked.get(k);
    const done = fetchOk(this.url(`chunk/${k}.bin`))
      .then((r) => r.arrayBuffer())
      .then((buffer) => this.keep(k, parseChunk(buffer)))
      .catch((error) => this.failed.set(k, String(error.message ?? error)))
      .finally(() => this.asked.delete(k));
    this.asked.set(k, done);
    return done;
  }

  keep(k, chunk) {
    this.chunks.set(k, chunk);
    for (const old of this.chunks.keys()) {
      if (this.chunks.size <= KEPT_CHUNKS) break;
      if (Math.abs(old - k) > 1) this.chunks.delete(old);
    }
  }
}

async function fetchOk(url) {
  const response = await fetch(url);
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  throw new Error(told.error ?? `The server answered ${response.status}.`);
}

export function parseChunk(buffer) {
  const bytes = new DataView(buffer);
  const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
  if (magic !== 'TWN1') throw new Error('The server sent data this view cannot read.');
  const length = bytes.getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  const chunk = { start: header.start_s, end: header.end_s };
  for (const [name, { type, offset, count }] of Object.entries(header.blocks)) {
    chunk[name] = new TYPES[type](buffer, 8 + length + offset, count);
  }
  return chunk;
}

// Index of the last of `values[from..to)` that is <= t; `from` where there is none.
export function lastAt(values, from, to, t) {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= t) low = middle + 1;
    else high = middle;
  }
  return Math.max(low - 1, from);
}
