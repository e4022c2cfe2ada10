// Runs inside a window of training content, whose origin is nobody's: gives it the API that SCORM promises, and tells
// our page what the content reports. Served behind what it starts from and
// scorm-again's build for the standard of the package, as one script.
(() => {
  "use strict";
  const told = window.homeshoreScorm;
  delete window.homeshoreScorm;
  const isOld = told.standard === "scorm_1_2";
  const channel = new MessageChannel();
  // Our page is the top one; content may stand in frames of its own below it.
  window.top.postMessage({ homeshore: "scorm", session: told.session }, told.player, [channel.port2]);

  // Empty groups are objects in the flattened report; SCORM knows text alone. What no database keeps is left out: NUL, and
  // halves of characters.
  const kept = (value) => { const text = String(value).replaceAll("\0", ""); return text.toWellFormed?.() ?? text; };
  const plain = (report) => Object.fromEntries(
    Object.entries(report)
      .filter(([name, value]) => name.startsWith("cmi.") && ["string", "number"].includes(typeof value))
      .map(([name, value]) => [name, typeof value === "number" ? value : kept(value)]),
  );

  // Our page keeps every report until the line carries it, so the content is never told that saving failed.
  const line = {
    processHttpRequest(address, report, isImmediate, log, listeners, about) {
      channel.port1.postMessage({ values: plain(report), is_final: Boolean(about ? about.isTerminateCommit : isImmediate) });
      return { result: "true", errorCode: 0 };
    },
    updateSettings() {},
  };

  const Api = isOld ? window.Scorm12API : window.Scorm2004API;
  const api = new Api({
    autocommit: true,
    autocommitSeconds: 10,
    dataCommitFormat: "flattened",
    lmsCommitUrl: "our-page",
    logLevel: 5,
    mastery_override: false,
  }, line);
  api.loadFromFlattenedJSON(told.values);
  window[isOld ? "API" : "API_1484_11"] = api;

  // A window that is left reports once more, not as finished: the unit resumes there. Said as early as it is known, since our
  // page goes with it: at pagehide alone the report would find nobody.
  const report = () => { if (api.isInitialized()) (isOld ? api.LMSCommit : api.Commit).call(api, ""); };
  for (const moment of ["beforeunload", "pagehide"]) window.addEventListener(moment, report);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") report(); });
})();
