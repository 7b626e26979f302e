// What lies over the picture: names of workcells, flag markers, tooltip, buttons, messages.
import { Vector3 } from 'three';

const NEAR_M = 30;
const FAR_M = 190;
const SPEED_KEYS = 'W A S D move · drag turns · F fits';
const SVG = 'http://www.w3.org/2000/svg';
const ICONS = {
  critical: 'M5 1h6l4 4v6l-4 4H5l-4-4V5zM7 4h2v5H7zm0 6h2v2H7z',
  warning: 'M8 1l7.5 14H.5zM7 6h2v5H7zm0 6h2v2H7z',
};

function icon(severity) {
  const [svg, path] = ['svg', 'path'].map((name) => document.createElementNS(SVG, name));
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', ICONS[severity] ?? ICONS.warning);
  path.setAttribute('fill-rule', 'evenodd');
  svg.append(path);
  return svg;
}

function element(name, className, text, parent) {
  const made = document.createElement(name);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  parent?.append(made);
  return made;
}

export class Overlay {
  constructor(host, scene, actions) {
    this.scene = scene;
    this.actions = actions;
    this.root = element('div', 'twinview-overlay', undefined, host);
    this.labels = scene.workcells.map((workcell) => this.label(workcell));
    this.tip = element('div', 'twinview-tip', '', this.root);
    this.tip.hidden = true;
    this.message = element('div', 'twinview-message', '', this.root);
    this.message.setAttribute('role', 'status');
    this.bar = element('div', 'twinview-bar', undefined, this.root);
    this.hint = element('div', 'twinview-hint', '', this.root);
    this.buttons();
  }

  label(workcell) {
    const node = element('button', 'twinview-label', undefined, this.root);
    node.type = 'button';
    const name = element('span', 'twinview-name', workcell.label, node);
    const flag = element('span', 'twinview-flag', '', node);
    flag.hidden = true;
    node.addEventListener('click', () => this.actions.camera(`workcell:${workcell.id}`));
    return { node, name, flag, at: new Vector3(...workcell.label_at), flagged: false, width: 0 };
  }

  buttons() {
    const add = (text, title, action) => {
      const button = element('button', 'twinview-button', text, this.bar);
      button.type = 'button';
      button.title = title;
      button.setAttribute('aria-label', title);
      button.addEventListener('click', action);
      return button;
    };
    add('⌂', 'Fit the whole plant (F)', () => this.actions.camera('overview'));
    add('Top', 'From above', () => this.actions.camera('top'));
    add('Front', 'From the front', () => this.actions.camera('front'));
    add('Side', 'From the side', () => this.actions.camera('side'));
    this.walkButton = add('Walk', 'Walk through the plant (W A S D)', () => this.actions.walk());
    add('Tour', 'Fly through the plant', () => this.actions.camera('tour'));
    this.focus = add('Zoom to', 'Fly to what is selected', () => this.actions.camera('selected'));
    this.followButton = add('Follow', 'Keep what is selected in the picture', () => this.actions.camera('follow'));
    this.toolButton = add('Tool camera', 'See what the robot sees', () => this.actions.camera('robot'));
    this.selected(null);
  }

  // Show the buttons that fit what is selected.
  selected(thing) {
    this.focus.hidden = !thing;
    this.followButton.hidden = !thing || !['agv', 'crane', 'worker'].includes(thing.kind);
    this.toolButton.hidden = !thing || thing.kind !== 'robot';
  }

  walking(on) {
    this.walkButton.setAttribute('aria-pressed', String(on));
    this.hint.textContent = on ? SPEED_KEYS : '';
  }

  controls(shown) {
    this.bar.hidden = !shown;
  }

  // Mark flagged workcells, most severe first: colour, icon and text.
  flags(byWorkcell) {
    this.scene.workcells.forEach((workcell, i) => {
      const label = this.labels[i];
      const flag = byWorkcell.get(workcell.id);
      label.flagged = Boolean(flag);
      label.flag.hidden = !flag;
      label.node.dataset.severity = flag ? flag.severity : '';
      if (flag) label.flag.replaceChildren(icon(flag.severity), ` ${flag.text}`);
      label.width = 0;
    });
  }

  // Put the names where their workcells are; near ones in front, overlapping ones left out.
  // `project` gives the pixel of a point, its distance, and whether it lies behind the viewer.
  place(project, width, height, shown) {
    const used = [];
    const order = this.labels.map((label) => ({ label, ...project(label.at) }));
    order.sort((a, b) => b.label.flagged - a.label.flagged || a.distance - b.distance);
    for (const { label, distance, x, y, behind } of order) {
      const outside = behind || x < -80 || y < -20 || x > width + 80 || y > height + 20;
      const fade = label.flagged ? 1 : Math.min(Math.max((FAR_M - distance) / (FAR_M - NEAR_M), 0.75), 1);
      const hidden = outside || (!shown && !label.flagged) || distance < 3;
      label.width ||= label.node.offsetWidth;
      const box = [x - label.width / 2, y - 26, x + label.width / 2, y];
      const covered = !hidden && used.some((b) => box[0] < b[2] && box[2] > b[0] && box[1] < b[3] && box[3] > b[1]);
      const visible = !hidden && !covered;
      label.node.style.visibility = visible ? 'visible' : 'hidden';
      if (!visible) continue;
      used.push(box);
      label.node.style.opacity = fade;
      label.node.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px) translate(-50%, -100%)`;
      label.node.style.zIndex = String(Math.max(1, 1000 - Math.round(distance)));
    }
  }

  tooltip(x, y, title, lines) {
    this.tip.hidden = !title;
    if (!title) return;
    this.tip.replaceChildren();
    element('strong', '', title, this.tip);
    for (const line of lines) element('div', '', line, this.tip);
    const [w, h] = [this.root.clientWidth, this.root.clientHeight];
    const left = Math.min(x + 14, w - this.tip.offsetWidth - 6);
    const top = Math.min(y + 14, h - this.tip.offsetHeight - 6);
    this.tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  say(text) {
    if (this.message.textContent !== text) this.message.textContent = text;
    this.message.hidden = !text;
  }

  dispose() {
    this.root.remove();
  }
}
