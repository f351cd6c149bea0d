"use strict";
try {
  const theme = localStorage.getItem("kcfg-theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
} catch { /* a browser that keeps nothing for files */ }
