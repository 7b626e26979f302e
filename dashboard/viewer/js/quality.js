// How finely to draw: all of it with a graphics card, less where the processor has to do it.
const BY_PROCESSOR = /swiftshader|llvmpipe|softpipe|software|basic render/i;
const ROW_MS = 1500;
const SLOW_MS = 70;
const FAST_MS = 30;
const COARSEST = 0.5;
const COARSER = 0.75;

// Whether the processor draws in place of a graphics card.
export function drawnByProcessor() {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return false;
  const named = gl.getExtension('WEBGL_debug_renderer_info');
  const name = gl.getParameter(named ? named.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return BY_PROCESSOR.test(name);
}

// Pixels per pixel of the page: coarser while pictures follow one another too slowly, fine ones
// for a picture that stands.
export class Resolution {
  constructor({ moving, still }, apply) {
    this.most = moving;
    this.moving = moving;
    this.still = still;
    this.apply = apply;
    this.slow = 0;
    this.set(moving);
  }

  // A picture is about to be drawn while things move.
  step(now) {
    const took = now - (this.last ?? -Infinity);
    this.last = now;
    if (took < ROW_MS) this.judge(took);
    this.set(this.moving);
  }

  judge(took) {
    if (took > SLOW_MS) this.slow += 1;
    else if (took < FAST_MS) this.slow -= 0.1;
    if (Math.abs(this.slow) < 3) return;
    this.moving *= this.slow > 0 ? COARSER : 1 / COARSER;
    this.moving = Math.min(Math.max(this.moving, COARSEST), this.most);
    this.slow = 0;
  }

  rest() {
    this.last = undefined;
    this.set(this.still);
  }

  set(ratio) {
    if (ratio !== this.now) this.apply(ratio);
    this.now = ratio;
  }

  get coarse() {
    return this.now < this.still;
  }
}
