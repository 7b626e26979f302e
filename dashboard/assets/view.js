// The 3D view's tools and the table of flags.
(function () {
  "use strict";

  const send = (id, props) => window.dash_clientside.set_props(id, props);
  const byId = (id) => document.getElementById(id);

  function showCamera(name) {
    if (name && byId("twin-view")) send("twin-view", { camera: name });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button[data-camera]");
    if (!button) return;
    showCamera(button.dataset.camera);
    if (button.dataset.select) send("twin-view", { selected: button.dataset.select });
  });

  document.addEventListener("change", (event) => {
    if (event.target.id !== "twin-camera") return;
    showCamera(event.target.value);
    event.target.value = "";
    event.target.blur();
  });

  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.twin-layers[open]").forEach((box) => {
      if (!box.contains(event.target)) box.open = false;
    });
  });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.celltwin = Object.assign(window.dash_clientside.celltwin || {}, {
    layers(chosen) {
      const all = Array.from(document.querySelectorAll("#twin-layers input"), (i) => i.value);
      return Object.fromEntries(all.map((name) => [name, chosen.includes(name)]));
    },
    viewerError(text) {
      return text || "";
    },
    filterFlags(text) {
      return { quickFilterText: text || "" };
    },
    flagPicked(rows, clicked) {
      const row = rows && rows[0];
      const changed = window.dash_clientside.callback_context.triggered
        .some((t) => t.prop_id.endsWith(".selectedRows"));
      if (!row || (!changed && clicked.rowId !== row.id)) return;
      const query = new URLSearchParams(window.location.search);
      query.set("resource", row.resource_id);
      window.history.replaceState(window.history.state, "", `${window.location.pathname}?${query}`);
      window.celltwin.seek(row.since_s);
    },
  });

  const h = (...args) => window.React.createElement(...args);
  window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {};
  const marked = (kind, icon, text) =>
    h("span", { className: `severity ${kind}` },
      h("span", { className: `icon icon-${icon}` }), text);
  const assetStates = {
    healthy: ["healthy", "check"], warning: ["warning", "warning"],
    alarm: ["critical", "critical"], maintenance: ["maintenance", "progress"],
  };
  const alarmStates = {
    active: ["critical", "critical", "unacknowledged"],
    over: ["warning", "warning", "over, unacknowledged"],
    maintenance: ["maintenance", "progress", "maintenance"],
    resolved: ["healthy", "check", "resolved"],
  };
  window.dashAgGridComponentFunctions.AssetState = (props) =>
    marked(...assetStates[props.value], props.value);
  window.dashAgGridComponentFunctions.AlarmStatus = (props) => marked(...alarmStates[props.value]);
  window.dashAgGridComponentFunctions.Severity = (props) =>
    h("span", { className: `severity ${props.value}` },
      h("span", { className: `icon icon-${props.value}` }), props.value);
})();
