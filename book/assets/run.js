// Runs an example, on a page that the book's own server has sent: no page on the disk has this.
"use strict";
{
  const { example, args, python } = document.currentScript.dataset;
  // The server's address has the token after its #, and the browser sends that part to nobody.
  const given = /^#token=([0-9a-f]+)$/.exec(location.hash);
  let token = "";
  try {
    if (given) localStorage.setItem("book-token", given[1]);
    token = localStorage.getItem("book-token") ?? "";
  } catch { /* no storage: this page alone has it */ }
  if (given) {
    token = given[1];
    history.replaceState(null, "", location.pathname);
  }

  const made = (name, properties = {}, ...inner) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inner);
    return element;
  };
  // A list of arguments as a reader types it: words, or anything between quotes. No shell ever sees it.
  const quoted = (list) => list.map((it) => /^[^\s"']+$/.test(it) ? it : it.includes("'") ? `"${it}"` : `'${it}'`).join(" ");
  const parted = (text) => [...text.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));

  const ask = (place, body, more = {}) => fetch(place, { method: "POST", headers: { "content-type": "application/json", "x-book-token": token }, body: JSON.stringify(body), ...more });

  if (example) {
    const input = made("input", { id: "run-args", type: "text", value: quoted(JSON.parse(args)), spellcheck: false, autocomplete: "off" });
    const choice = made("select", { id: "run-languages" });
    const choices = python === "true" ? [["both", "Rust, then Python"], ["rust", "Rust"], ["python", "Python"]] : [["rust", "Rust"]];
    choice.append(...choices.map(([value, textContent]) => made("option", { value, textContent })));
    const run = made("button", { type: "submit", textContent: "Run", className: "go" });
    const stop = made("button", { type: "button", textContent: "Stop", disabled: true });
    const status = made("p", { className: "note", id: "run-status" });
    status.setAttribute("role", "status");
    const outputs = made("div", { className: "live-outputs" });
    const figure = made("figure");
    const form = made("form", { className: "live" },
      made("label", { htmlFor: "run-args", textContent: "Arguments" }), input,
      made("label", { htmlFor: "run-languages", textContent: "Language" }), choice, run, stop);
    const section = made("section", { id: "live" }, form, status, outputs, figure);
    section.setAttribute("aria-label", "Run it here");
    document.getElementById("run").after(section);

    let id = null;
    let picture = null;
    let output = null;
    const note = (text, className) => output.parentElement.append(made("p", { className, textContent: text }));
    const say = {
      run: (seen) => { id = seen.id; stop.disabled = false; },
      start: ({ language }) => {
        output = made("code");
        const pre = made("pre", { className: "output", tabIndex: 0 }, output);
        pre.setAttribute("role", "log");
        pre.setAttribute("aria-label", `What ${language} prints`);
        const column = made("div", {}, made("h3", { textContent: language }), pre);
        output = pre;
        outputs.append(column);
        status.textContent = `${language} runs …`;
      },
      text: ({ text }) => { output.firstChild.append(text); output.scrollTop = output.scrollHeight; },
      bound: ({ text }) => note(text, "note bound"),
      end: ({ text, failed }) => note(text, failed ? "note failed" : "note ended"),
      error: ({ text }) => { (output ?? status).after(made("p", { className: "note failed", textContent: text })); },
      picture: ({ svg, text }) => {
        picture = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
        figure.replaceChildren(made("img", { src: picture, alt: text, className: "picture" }));
      },
    };

    const follow = async (body) => {
      const decoder = new TextDecoder();
      const reader = body.getReader();
      let rest = "";
      for (;;) {
        const { done, value } = await reader.read();
        rest += decoder.decode(value, { stream: !done });
        const lines = rest.split("\n");
        rest = lines.pop();
        for (const line of lines) { const seen = JSON.parse(line); say[seen.kind](seen); }
        if (done) return;
      }
    };

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      run.disabled = true;
      if (picture) URL.revokeObjectURL(picture);
      [id, picture, output] = [null, null, null];
      outputs.replaceChildren();
      figure.replaceChildren();
      status.className = "note";
      status.textContent = "Asks the server …";
      const failed = (text) => { status.className = "note failed"; status.textContent = text; };
      try {
        const answer = await ask("/run", { example, args: parted(input.value), languages: choice.value });
        if (!answer.ok) failed(await answer.text());
        else {
          await follow(answer.body);
          status.textContent = stop.textContent === "Stops …" ? "Stopped." : "";
        }
      } catch {
        failed("The server does not answer any more: start it again with cargo xtask book --serve, and open the address that it prints.");
      }
      run.disabled = false;
      stop.disabled = true;
      stop.textContent = "Stop";
    });
    stop.addEventListener("click", async () => {
      stop.disabled = true;
      stop.textContent = "Stops …";
      try { await ask("/stop", { id }); } catch { /* the run's own answer breaks off as well, and says so */ }
    });
  }
}
