
"use strict";
(() => {
	const root = document.documentElement, { events, since } = root.dataset;
	let seen = root.dataset.at;
	const parts = at => at.split(".").map(Number);
	const follows = (at, before) => {
		const [series, number] = parts(at), [last, shown] = parts(before);
		return series > last || series === last && number > shown;
	};

	// Texts change only where they differ, so that a screen reader is not told the same again.
	const say = (element, text) => { if (element.textContent !== text) element.textContent = text; };
	const banner = document.querySelector(".banner");
	const show = b => {
		banner.className = "banner " + (["pass", "warn", "inconclusive", "fail"].includes(b.Tone) ? b.Tone : "");
		say(banner.querySelector(".word"), b.Word);
		say(banner.querySelector("h1"), b.Name);
		say(banner.querySelector(".why"), b.Text);
	};
	const list = facts => {
		const box = banner.querySelector(".facts");
		while (box.children.length > facts.length) box.lastChild.remove();
		facts.forEach((f, i) => {
			const row = box.children[i] || box.appendChild(document.createElement("div"));
			const dt = row.querySelector("dt") || row.appendChild(document.createElement("dt"));
			const dd = row.querySelector("dd") || row.appendChild(document.createElement("dd"));
			say(dt, f.Label);
			say(dd, f.Text);
		});
	};
	// A log that is read at its end stays there when it grows.
	const atEnd = box => box.scrollTop + box.clientHeight >= box.scrollHeight - 2;
	for (const log of document.querySelectorAll("pre")) log.scrollTop = log.scrollHeight;
	// What a person has sorted, opened or typed stays so when a section comes anew.
	const replace = (section, html) => {
		const sorted = [...section.querySelectorAll("table")].map(t => {
			const head = [...t.tHead.rows[0].cells].find(h => !["none", null].includes(h.getAttribute("aria-sort")));
			return head && { column: head.cellIndex, down: head.getAttribute("aria-sort") === "descending" };
		});
		const open = [...section.querySelectorAll("details")].map(d => d.open);
		const scrolled = [...section.querySelectorAll(".scroll, pre")].map(b => [b.scrollLeft, atEnd(b) ? Infinity : b.scrollTop]);
		const focused = section.contains(document.activeElement) && [...section.querySelectorAll("button, summary, a, input, select")].indexOf(document.activeElement);
		const typed = [...section.querySelectorAll("input, select")].map(i => [i.name, i.value]);
		section.innerHTML = html;
		for (const [name, value] of typed) {
			const field = [...section.querySelectorAll("input, select")].find(i => i.name === name);
			if (field && field.type !== "hidden") field.value = value;
		}
		section.querySelectorAll("table").forEach((t, i) => {
			const head = sorted[i] && t.tHead.rows[0].cells[sorted[i].column], button = head?.querySelector("button");
			if (!button) return;
			button.click();
			if ((head.getAttribute("aria-sort") === "descending") !== sorted[i].down) button.click();
		});
		section.querySelectorAll("details").forEach((d, i) => { d.open = open[i] ?? d.open; });
		section.querySelectorAll(".scroll, pre").forEach((b, i) => { if (scrolled[i]) b.scrollTo(scrolled[i][0], Math.min(scrolled[i][1], b.scrollHeight)); });
		if (focused !== false && focused >= 0) section.querySelectorAll("button, summary, a, input, select")[focused]?.focus({ preventScroll: true });
	};
	const nav = () => {
		for (const a of document.querySelectorAll("nav a")) a.hidden = !document.getElementById(a.hash.slice(1))?.childElementCount;
	};
	const apply = u => {
		if (!follows(u.at, seen)) return;
		seen = u.at;
		if (u.title) document.title = u.title;
		if (u.banner) show(u.banner);
		if (u.facts) list(u.facts);
		if (u.reset) dispatchEvent(new CustomEvent("points", { detail: null }));
		if (u.points) dispatchEvent(new CustomEvent("points", { detail: u.points }));
		for (const s of u.sections || []) {
			const section = document.getElementById(s.id);
			if (section) replace(section, s.html);
		}
		if (u.sections) nav();
	};
	nav();

	const cut = document.querySelector(".cut");
	const connected = text => { say(cut, text || ""); cut.hidden = !text; };
	const catchUp = async () => {
		try {
			const answer = await fetch(since + "?at=" + encodeURIComponent(seen));
			if (answer.ok) apply(await answer.json());
		} catch { /* the stream says that the connection is lost */ }
	};

	// A browser opens six connections to a server: of all tabs one has the stream, and tells the others.
	const tabs = new BroadcastChannel("loadgate");
	tabs.onmessage = async e => {
		if (e.data.from !== undefined && e.data.from !== seen && follows(e.data.update.at, seen)) await catchUp();
		if (e.data.update) apply(e.data.update);
		if (e.data.cut !== undefined) connected(e.data.cut);
	};
	const tell = message => {
		tabs.postMessage(message);
		if (message.cut !== undefined) connected(message.cut);
	};
	const stream = () => new Promise(over => {
		let source;
		const open = () => {
			source = new EventSource(events + "?at=" + encodeURIComponent(seen));
			source.onopen = () => tell({ cut: "" });
			source.onmessage = e => {
				const update = JSON.parse(e.data);
				tabs.postMessage({ from: seen, update });
				apply(update);
			};
			source.addEventListener("end", () => {
				source.close();
				tell({ cut: "loadgate has ended. What you see is its last state." });
				over();
			});
			source.onerror = () => {
				tell({ cut: "No connection to loadgate. Trying again …" });
				// A browser gives up where an answer is not a stream.
				if (source.readyState === EventSource.CLOSED) setTimeout(open, 2000);
			};
		};
		open();
		addEventListener("pagehide", () => { source.close(); over(); });
		addEventListener("pageshow", e => { if (e.persisted) location.reload(); });
	});
	if (navigator.locks) navigator.locks.request("loadgate-stream", stream); else stream();
	document.addEventListener("visibilitychange", () => { if (!document.hidden) catchUp(); });

	document.addEventListener("submit", async e => {
		e.preventDefault();
		const form = e.target, said = form.querySelector(".said");
		const answered = (text, wrong) => { say(said, text); said.classList.toggle("wrong", wrong); };
		answered("…", false);
		try {
			const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, e.submitter)) });
			const text = (await answer.text()).trim();
			answered(text || (answer.ok ? "Done." : "That was refused."), !answer.ok);
		} catch {
			answered("No connection to loadgate.", true);
		}
	});
	if (location.hash.startsWith("#key=")) history.replaceState(null, "", location.pathname);
})();
