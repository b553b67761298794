"use strict";
(() => {
	const data = id => JSON.parse(document.getElementById(id)?.textContent ?? "[]");
	const charts = data("charts"), moments = data("moments");
	for (const c of charts) {
		if (c.x_kind === "dates") c.x = moments.map(m => m.at);
	}
	const root = document.documentElement;
	const css = name => getComputedStyle(root).getPropertyValue(name).trim();

	// Three significant digits, as in the tables.
	const digits = v => {
		const n = Number(Math.abs(v) >= 100 ? v.toFixed(0) : v.toPrecision(3));
		return n.toLocaleString("en-US", { maximumFractionDigits: 6 });
	};
	const clock = s => {
		s = Math.round(s);
		const two = n => String(n).padStart(2, "0");
		const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
		return h ? h + ":" + two(m) + ":" + two(s % 60) : m + ":" + two(s % 60);
	};
	const print = {
		count: digits,
		ms: v => v === 0 ? "0" : v < 1 ? digits(1000 * v) + "µs" : v < 1000 ? digits(v) + "ms" : digits(v / 1000) + "s",
		bytes: v => {
			let i = 0;
			for (; Math.abs(v) >= 999.5 && i < 4; i++) v /= 1024;
			return digits(v) + ["B", "KiB", "MiB", "GiB", "TiB"][i];
		},
		per_s: v => digits(v) + "/s",
		per_min: v => digits(v) + "/min",
		per_h: v => digits(v) + "/h",
		per_day: v => digits(v) + "/day",
		ratio: v => digits(100 * v) + "%",
		elapsed: clock,
	};

	// A date is that of UTC, as everywhere on the page.
	const date = s => new Date(1000 * s).toISOString().replace("T", " ").slice(0, s % 86400 ? 16 : 10);
	print.dates = v => {
		const m = moments.find(m => m.at === v);
		return m ? m.text : date(v);
	};

	const at = (c, v) => c.x_kind === "ordinal" ? c.labels[Math.round(v)] ?? "" : print[c.x_kind](v);

	// A value between two gaps has no line to be seen by: it gets a point.
	const lonely = (u, i, show, gaps) => {
		const d = u.data[i], points = [];
		for (let k = 0; k < d.length; k++) {
			if (d[k] != null && d[k - 1] == null && d[k + 1] == null) points.push(k);
		}
		return points;
	};

	const series = (s, i) => {
		const color = css("--c" + (s.color || i % 6 + 1));
		return {
			label: s.name,
			scale: s.quiet ? "quiet" + i : s.right ? "right" : "y",
			stroke: s.quiet ? undefined : color,
			fill: s.bars ? color + "99" : undefined,
			width: s.bars ? 0 : 1.5,
			dash: s.dash ? [5, 4] : undefined,
			paths: s.quiet || s.dots ? () => null : s.bars ? uPlot.paths.bars({ size: [0.92, 80] }) : undefined,
			points: s.quiet || s.bars ? { show: false } : { show: true, filter: s.points || s.dots ? undefined : lonely, size: s.dots ? 9 : 5, stroke: color, fill: color },
			value: (u, v) => v == null ? "–" : print[s.unit](v),
		};
	};

	const axis = (c, side, scale, unit) => ({
		scale, side,
		size: (u, labels) => Math.max(56, 16 + 7 * Math.max(...(labels || [""]).map(l => l.length))),
		stroke: css("--muted"),
		grid: { show: side === 3, stroke: css("--rule"), width: 1 },
		ticks: { show: false },
		values: (u, splits) => splits.map(v => v == null ? "" : print[unit](v)),
		...(unit === "bytes" && { incrs: Array.from({ length: 45 }, (_, i) => 2 ** i) }),
	});

	// The axis begins at 0; limits belong to it unless they would flatten the lines.
	const reach = c => (u, min, max) => {
		let top = max > 0 ? max : 0;
		for (const l of c.limits || []) {
			if (!l.upright && l.value > top && (top === 0 || l.value <= 4 * top)) top = l.value;
		}
		return [0, top > 0 ? 1.08 * top : 1];
	};

	const small = () => 11 * devicePixelRatio + "px system-ui, sans-serif";

	const shade = c => u => {
		for (const s of c.shades || []) {
			const left = Math.max(u.valToPos(s.from, "x", true), u.bbox.left);
			const right = Math.min(u.valToPos(s.to, "x", true), u.bbox.left + u.bbox.width);
			if (right <= left) continue;
			u.ctx.save();
			u.ctx.fillStyle = css("--shade");
			u.ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
			u.ctx.fillStyle = css("--muted");
			u.ctx.font = small();
			u.ctx.textBaseline = "bottom";
			if (u.ctx.measureText(s.text).width + 8 < right - left) u.ctx.fillText(s.text, left + 4, u.bbox.top + u.bbox.height - 4);
			u.ctx.restore();
		}
	};

	const line = (u, color, x1, y1, x2, y2, text, align, tx, ty) => {
		u.ctx.save();
		u.ctx.strokeStyle = u.ctx.fillStyle = color;
		u.ctx.lineWidth = 1.5 * devicePixelRatio;
		u.ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
		u.ctx.beginPath();
		u.ctx.moveTo(x1, y1);
		u.ctx.lineTo(x2, y2);
		u.ctx.stroke();
		u.ctx.font = small();
		u.ctx.textAlign = align;
		u.ctx.textBaseline = "bottom";
		u.ctx.fillText(text, tx, ty);
		u.ctx.restore();
	};

	const limits = c => u => {
		const { left, top, width, height } = u.bbox, gap = 3 * devicePixelRatio;
		let row = 0;
		// uPlot remembers what it set: all that is changed is set back.
		u.ctx.save();
		u.ctx.font = small();
		for (const l of c.limits || []) {
			const color = css("--" + (l.tone || "muted"));
			if (l.upright) {
				const x = u.valToPos(l.value, "x", true);
				if (x < left || x > left + width) continue;
				const y = top + (++row) * 13 * devicePixelRatio;
				const fits = x + u.ctx.measureText(l.text).width + gap < left + width;
				line(u, color, x, top, x, top + height, l.text, fits ? "left" : "right", fits ? x + gap : x - gap, y);
				continue;
			}
			const y = u.valToPos(l.value, "y", true);
			if (y < top || y > top + height) continue;
			line(u, color, left, y, left + width, y, l.text, "right", left + width - gap, y - 1);
		}
		u.ctx.restore();
	};

	const options = (c, width) => {
		const left = c.series.find(s => !s.right && !s.quiet), right = c.series.find(s => s.right);
		const ordinal = c.x_kind === "ordinal", dates = c.x_kind === "dates";
		const last = () => c.x.length ? c.x[c.x.length - 1] : 1;
		const beside = dates ? 0.03 * (last() - c.x[0]) || 43200 : 0;
		const span = () => dates ? [c.x[0] - beside, last() + beside] : ordinal ? [-0.6, last() + 0.6] : [c.rolling && c.x.length ? c.x[0] : 0, Math.max(c.until || 0, last(), 1)];
		const scales = { x: { time: false, range: (u, min, max) => min === null || min === c.x[0] && max === last() ? span() : [min, max] }, y: { range: reach(c) } };
		if (right) scales.right = { range: (u, min, max) => [0, max > 0 ? 1.08 * max : 1] };
		return {
			width, height: 220,
			scales,
			series: [{ label: c.x_name, value: (u, v) => v == null ? "–" : at(c, v) }, ...c.series.map(series)],
			axes: [
				{
					stroke: css("--muted"), grid: { show: false }, ticks: { stroke: css("--rule"), size: 4 }, size: 28,
					// A run of minutes is read in minutes.
					incrs: dates ? [60, 300, 900, 1800, 3600, 10800, 21600, 43200, ...[1, 2, 7, 14, 28, 91, 182, 364, 728].map(d => 86400 * d)] : ordinal ? [1, 2, 5, 10, 20, 50] : [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200],
					space: dates ? (u, i, min, max, width) => max - min < 960 * width ? 130 : 90 : ordinal ? 7 * Math.max(6, ...c.labels.map(l => l.length)) + 12 : 52,
					values: (u, splits) => splits.map(v => ordinal && (v < 0 || v > last() || v % 1) ? "" : dates ? date(v) : at(c, v)),
				},
				axis(c, 3, "y", left ? left.unit : "count"),
				...(right ? [axis(c, 1, "right", right.unit)] : []),
			],
			cursor: { sync: ordinal ? undefined : { key: dates ? "dates" : "time" }, drag: { x: !ordinal, y: false }, points: { size: 6 } },
			hooks: { drawClear: [shade(c)], draw: [limits(c)] },
		};
	};

	// A click on a moment opens what it leads to; with the keyboard, the arrows go from one to the next and Enter
	// opens. Who drags to look closer does not click.
	const open = i => {
		const to = moments[i]?.href;
		if (to) location.href = to;
	};
	const opening = (u, plot) => {
		let from = 0;
		u.over.style.cursor = "pointer";
		u.over.addEventListener("mousedown", e => { from = e.clientX; });
		u.over.addEventListener("click", e => {
			if (Math.abs(e.clientX - from) < 3) open(u.posToIdx(e.clientX - u.over.getBoundingClientRect().left));
		});
		plot.tabIndex = 0;
		plot.setAttribute("role", "group");
		plot.setAttribute("aria-label", "Arrows go from run to run, Enter opens one.");
		plot.onkeydown = e => {
			const last = moments.length - 1, i = plot.dataset.at === undefined ? last + 1 : Number(plot.dataset.at);
			const to = { ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0, End: last }[e.key];
			if (e.key === "Enter") open(i);
			if (to === undefined) return;
			e.preventDefault();
			const at = Math.min(Math.max(to, 0), last);
			plot.dataset.at = at;
			u.setCursor({ left: u.valToPos(moments[at].at, "x"), top: u.over.clientHeight / 2 });
		};
	};

	const drawn = new Map();
	const paper = () => root.classList.contains("paper"); // it is narrower than most screens
	const draw = figure => {
		const c = charts[figure.dataset.chart], plot = figure.querySelector(".plot");
		drawn.get(figure)?.destroy();
		const width = paper() ? 640 : Math.max(240, Math.floor(plot.clientWidth));
		const u = new uPlot(options(c, width), [c.x, ...c.series.map(s => s.values)], plot);
		u.ctx.canvas.setAttribute("role", "img");
		u.ctx.canvas.setAttribute("aria-label", c.title);
		if (c.x_kind === "dates") opening(u, plot);
		drawn.set(figure, u);
		figure.dataset.drawn = "";
	};
	const figures = [...document.querySelectorAll("figure.chart")];

	// Charts are drawn when they come near: a page of sixty endpoints opens at once.
	const near = new IntersectionObserver(entries => {
		for (const e of entries) {
			if (e.isIntersecting && !drawn.has(e.target)) draw(e.target);
		}
	}, { rootMargin: "600px" });
	const sizes = new ResizeObserver(entries => {
		for (const e of entries) {
			const u = drawn.get(e.target), width = Math.floor(e.target.querySelector(".plot").clientWidth);
			if (u && !paper() && width > 0 && width !== u.width) u.setSize({ width, height: 220 });
		}
	});
	for (const figure of figures) {
		near.observe(figure);
		sizes.observe(figure);
	}
	// A live page adds points to its charts, and empties them for a new run. Who looks closer is not moved.
	addEventListener("points", e => {
		for (const figure of figures) {
			const c = charts[figure.dataset.chart], u = drawn.get(figure);
			const whole = !u || !c.x.length || u.scales.x.max >= c.x[c.x.length - 1];
			if (e.detail === null) {
				c.x = [];
				for (const s of c.series) s.values = [];
			}
			for (const points of e.detail || []) {
				const point = points[figure.dataset.chart];
				if (!point) continue;
				c.x.push(point[0]);
				c.series.forEach((s, i) => s.values.push(point[i + 1]));
			}
			const over = c.rolling ? c.x.length - c.rolling : 0;
			if (over > 0) for (const list of [c.x, ...c.series.map(s => s.values)]) list.splice(0, over);
			u?.setData([c.x, ...c.series.map(s => s.values)], whole);
		}
	});
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => [...drawn.keys()].forEach(draw));
	addEventListener("beforeprint", () => { root.classList.add("paper"); figures.forEach(draw); });
	addEventListener("afterprint", () => { root.classList.remove("paper"); figures.forEach(draw); });

	// A click on a head sorts; a second one turns the order around. Numbers begin
	// with the largest; what was not measured stays at the end.
	const sort = (table, head, column) => {
		const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
		const number = head.classList.contains("number"), before = head.getAttribute("aria-sort");
		const down = before === "none" ? number : before === "ascending";
		for (const h of heads) h.setAttribute("aria-sort", "none");
		head.setAttribute("aria-sort", down ? "descending" : "ascending");
		const key = row => {
			const cell = row.cells[column];
			return cell.dataset.sort !== undefined ? Number(cell.dataset.sort) : number ? null : cell.textContent.trim();
		};
		const order = (a, b) => typeof a === "string" || typeof b === "string"
			? String(a).localeCompare(String(b), "en", { numeric: true }) : a - b;
		const rows = [...body.rows].map(row => [key(row), row]);
		rows.sort(([a], [b]) => a === null || b === null ? (a === null) - (b === null) : down ? order(b, a) : order(a, b));
		body.append(...rows.map(([, row]) => row));
	};
	document.addEventListener("click", e => {
		const head = e.target.closest("table.sortable th[aria-sort]");
		if (head && e.target.closest("button")) sort(head.closest("table"), head, head.cellIndex);
	});

	// Two columns of many, side by side. The choice is in the page's address, so that it can be sent to others.
	const picks = data("picks");
	for (const box of document.querySelectorAll("[data-pick]")) {
		const pick = picks[box.dataset.pick], [a, b] = box.querySelectorAll("select"), body = box.querySelector("tbody");
		const add = (row, text, name) => {
			const cell = row.insertCell();
			cell.className = name;
			cell.textContent = text;
		};
		const fill = () => {
			body.replaceChildren();
			let last = "";
			for (const r of pick.rows) {
				const x = r.values[a.selectedIndex], y = r.values[b.selectedIndex];
				if (x == null && y == null) continue;
				const row = body.insertRow();
				add(row, r.group === last ? "" : r.group, "");
				add(row, r.name, "");
				add(row, x == null ? "–" : print[r.unit](x), "number");
				add(row, y == null ? "–" : print[r.unit](y), "number");
				const change = x > 0 && y != null ? 100 * (y / x - 1) : null;
				add(row, change == null ? "–" : Math.abs(change) < 0.05 ? "0%" : (change < 0 ? "−" : "+") + Math.abs(change).toFixed(Math.abs(change) < 10 ? 1 : 0) + "%", "number");
				last = r.group;
			}
			box.querySelector("[role=status]").textContent = body.rows.length ? "" : "The two have no figure.";
		};
		const choose = () => {
			const keys = location.hash.slice(1).split(","), has = (s, key) => [...s.options].some(o => o.value === key);
			if (keys.length === 2 && keys.every(k => k && has(a, k))) [a.value, b.value] = keys;
			fill();
		};
		a.selectedIndex = Math.max(0, a.options.length - 2);
		b.selectedIndex = b.options.length - 1;
		for (const s of [a, b]) s.addEventListener("change", () => location.replace("#" + a.value + "," + b.value));
		addEventListener("hashchange", choose);
		choose();
	}
})();
