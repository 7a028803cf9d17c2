document.documentElement.classList.add("script");
try { document.documentElement.dataset.theme = localStorage.getItem("theme") || ""; } catch { /* no storage, no memory */ }
