// Applies the theme a person chose before the first paint; with no choice the system's preference stands.
(() => {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be blocked: the system's preference then decides.
  }
  document.documentElement.classList.add("has-script");
})();
