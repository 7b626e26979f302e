// The playhead: one moment of the run for the bar, the 3D view, the charts and the address.
// The browser owns the clock; the server hears where it comes to rest.
(function () {
  "use strict";

  const TICK_MS = 250;
  const SETTLE_MS = 300;
  const SETTLE_PLAYING_MS = 1500;
  const state = {
    run: null, startMs: 0, end: 0, t: 0, playing: false, speed: 60, marks: [],
    timer: null, settle: null, settledAt: 0, settledT: null,
  };

  const byId = (id) => document.getElementById(id);
  const hasViewer = () => byId("twin-view") !== null;
  const send = (id, props) => window.dash_clientside.set_props(id, props);
  const clamp = (t) => Math.min(Math.max(t, 0), state.end);

  const WEEKDAY = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const two = (n) => String(n).padStart(2, "0");

  function clock(t) {
    const at = new Date(state.startMs + t * 1000);
    const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(":");
    return `${WEEKDAY[at.getUTCDay()]} ${time}`;
  }

  // --- the bar -------------------------------------------------------------------------------

  function slider() {
    const track = byId("play-track");
    if (!track) return null;
    let input = track.querySelector("input");
    if (!input) {
      track.innerHTML = '<div class="play-marks"></div>';
      input = document.createElement("input");
      input.type = "range";
      input.id = "play-seek";
      input.min = "0";
      input.setAttribute("aria-label", "Time");
      input.addEventListener("input", () => seek(Number(input.value)));
      track.appendChild(input);
    }
    return input;
  }

  function drawMarks() {
    const host = document.querySelector("#play-track .play-marks");
    if (!host) return;
    const order = [...state.marks].sort((a, b) => (a.severity === "critical") - (b.severity === "critical"));
    host.replaceChildren(...order.map((mark) => {
      const item = document.createElement("button");
      item.type = "button";
      item.className = `play-mark ${mark.severity}`;
      item.title = mark.text;
      item.setAttribute("aria-label", mark.text);
      item.tabIndex = -1;
      item.style.left = `${(100 * mark.since_s) / state.end}%`;
      item.style.width = `${(100 * Math.max(mark.until_s - mark.since_s, 0)) / state.end}%`;
      item.addEventListener("click", () => seek(mark.since_s));
      return item;
    }));
  }

  function drawBar() {
    const input = slider();
    if (!input) return;
    if (Number(input.value) !== state.t) input.value = String(state.t);
    input.style.setProperty("--done", `${(100 * state.t) / (state.end || 1)}%`);
    input.setAttribute("aria-valuetext", clock(state.t));
    byId("play-clock").textContent = clock(state.t);
    byId("play-toggle").classList.toggle("playing", state.playing);
  }

  // --- charts --------------------------------------------------------------------------------

  function drawLine(host) {
    const plot = host.querySelector(".js-plotly-plot");
    const full = plot && plot._fullLayout;
    const axis = full && full.xaxis;
    if (!axis || !axis.l2p || !full._size) return;
    if (!plot.dataset.playhead) {
      plot.dataset.playhead = "on";
      plot.on("plotly_afterplot", () => drawLine(host));
      plot.on("plotly_click", (event) => {
        const at = event.points[0] && Date.parse(String(event.points[0].x).replace(" ", "T") + "Z");
        const ms = typeof event.points[0].x === "number" ? event.points[0].x : at;
        if (Number.isFinite(ms)) seek((ms - state.startMs) / 1000);
      });
    }
    let line = host.querySelector(":scope > .playhead");
    if (!line) {
      line = document.createElement("div");
      line.className = "playhead";
      host.appendChild(line);
    }
    const x = axis.l2p(state.startMs + state.t * 1000);
    line.hidden = !(x >= 0 && x <= axis._length);
    line.style.left = `${axis._offset + x}px`;
    line.style.top = `${full._size.t}px`;
    line.style.height = `${full._size.h}px`;
  }

  const drawLines = () => document.querySelectorAll(".chart.timed").forEach(drawLine);

  let asked = false;
  function drawLinesSoon() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; drawLines(); });
  }

  // --- the address and the server --------------------------------------------------------------

  function settleNow() {
    clearTimeout(state.settle);
    state.settle = null;
    state.settledAt = performance.now();
    if (state.run === null || state.settledT === state.t) return;
    state.settledT = state.t;
    const query = new URLSearchParams(window.location.search);
    query.set("run", state.run);
    query.set("t", String(Math.round(state.t * 10) / 10));
    window.history.replaceState(window.history.state, "", `${window.location.pathname}?${query}`);
    send("settled", { data: state.t });
  }

  function settleSoon() {
    if (state.playing) {
      if (performance.now() - state.settledAt > SETTLE_PLAYING_MS) settleNow();
      return;
    }
    clearTimeout(state.settle);
    state.settle = setTimeout(settleNow, SETTLE_MS);
  }

  // --- moving --------------------------------------------------------------------------------

  function moveTo(t) {
    state.t = clamp(t);
    drawBar();
    drawLinesSoon();
    settleSoon();
  }

  function seek(t) {
    moveTo(t);
    if (hasViewer()) send("twin-view", { setPlayhead: state.t });
  }

  function tick() {
    if (!state.playing || hasViewer()) return;
    const t = state.t + (state.speed * TICK_MS) / 1000;
    moveTo(t);
    if (t >= state.end) play(false);
  }

  function play(on) {
    if (on && state.t >= state.end) seek(0);
    state.playing = on;
    clearInterval(state.timer);
    if (on) state.timer = setInterval(tick, TICK_MS);
    if (hasViewer()) send("twin-view", { playing: on, speed: state.speed });
    drawBar();
    settleSoon();
  }

  function setSpeed(speed) {
    state.speed = speed;
    if (hasViewer()) send("twin-view", { speed });
  }

  function step(sign) {
    play(false);
    seek(state.t + sign * Math.max(1, state.speed / 10));
  }

  function toFlag(sign) {
    const times = state.marks.map((m) => m.since_s).sort((a, b) => a - b);
    const found = sign > 0
      ? times.find((t) => t > state.t + 0.5)
      : times.reverse().find((t) => t < state.t - 0.5);
    seek(found === undefined ? (sign > 0 ? state.end : 0) : found);
  }

  const ACTIONS = {
    "play-toggle": () => play(!state.playing),
    "play-back": () => step(-1),
    "play-forward": () => step(1),
    "play-previous": () => toFlag(-1),
    "play-next": () => toFlag(1),
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("#playbar button[id]");
    if (button && ACTIONS[button.id]) ACTIONS[button.id]();
  });

  document.addEventListener("change", (event) => {
    if (event.target.id === "play-speed") setSpeed(Number(event.target.value));
  });

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    const typing = at.closest && at.closest("input:not([type=range]), textarea, select, [role=grid]");
    if (state.run === null || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const onButton = at.closest && at.closest("button, a, [role=button]");
    const key = event.key.toLowerCase();
    if (key === " " && onButton) return;
    const action = {
      " ": () => play(!state.playing),
      k: () => play(!state.playing),
      j: () => step(-1),
      l: () => step(1),
      arrowleft: () => (event.shiftKey ? toFlag(-1) : step(-1)),
      arrowright: () => (event.shiftKey ? toFlag(1) : step(1)),
      home: () => seek(0),
      end: () => seek(state.end),
    }[key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  window.addEventListener("resize", drawLinesSoon);
  new MutationObserver((changes) => {
    const added = (node) => node.nodeType === 1
      && (node.matches(".chart, .js-plotly-plot, .svg-container") || node.querySelector(".chart"));
    if (changes.some((c) => Array.from(c.addedNodes).some(added))) drawLinesSoon();
  }).observe(document.documentElement, { childList: true, subtree: true });

  // --- from Dash -----------------------------------------------------------------------------

  window.dash_clientside = window.dash_clientside || {};
  window.celltwin = { seek };
  window.dash_clientside.celltwin = {
    configure(facts) {
      const bar = byId("playbar");
      bar.hidden = !facts;
      if (!facts) {
        play(false);
        state.run = null;
        return;
      }
      const asked = new URLSearchParams(window.location.search).has("t");
      const other = facts.run !== state.run;
      if (other && state.playing) play(false);
      state.run = facts.run;
      state.startMs = facts.start_ms;
      state.end = facts.end_s;
      state.marks = facts.marks;
      slider().max = String(facts.end_s);
      slider().step = facts.end_s > 864000 ? "60" : "1";
      byId("play-end").textContent = clock(facts.end_s);
      byId("play-speed").value = String(state.speed);
      drawMarks();
      state.settledT = null;
      moveTo(other || asked ? facts.t_s : state.t);
      settleNow();
    },
    fromViewer(t) {
      if (typeof t === "number" && state.run !== null) moveTo(t);
    },
    viewerReady() {
      if (!hasViewer()) return;
      send("twin-view", { setPlayhead: state.t, speed: state.speed, playing: state.playing });
    },
    viewerPlaying(playing) {
      if (typeof playing !== "boolean" || playing === state.playing) return;
      state.playing = playing;
      drawBar();
      settleSoon();
    },
    pickRun(name, search) {
      const query = new URLSearchParams(search || "");
      if (!name || name === (query.get("run") || state.run)) return window.dash_clientside.no_update;
      return `?${new URLSearchParams({ run: name })}`;
    },
  };
})();
