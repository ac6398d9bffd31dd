"use strict";
// Draws the pictures of a page from their data. Everything named in the data is text, never markup.
(function () {
  const FACE = '"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif';
  const FONT = 17, SMALL = 16, LINE = 22, INK = "#1f2328", GROUND = "#f7f8fa";
  const EDGE = 12; // pixels around a PNG
  const TURN = 700; // narrower pages get the narrow layout
  const SIDE = 15000; // pixels: a longer canvas stays blank in some browsers

  document.querySelectorAll("[data-jl-picture]").forEach(start);

  function start(root) {
    const find = (name) => root.querySelector(`[data-jl-${name}]`);
    const data = JSON.parse(find("data").textContent);
    const stage = find("stage"), tip = find("tip");
    let zoom = 1, width = 0, now = null;

    function wanted() { return Object.hasOwn(data.scenes, location.hash.slice(1)) ? location.hash.slice(1) : data.first; }

    function draw() {
      const key = wanted();
      const scene = data.scenes[key];
      const room = stage.clientWidth;
      const placed = room < TURN ? scene.narrow : scene.wide;
      const fitted = Math.min(room < TURN ? 1.5 : 1.2, Math.max(1, room / placed.width));
      if (now) now.network.destroy();
      stage.replaceChildren();
      const canvas = stage.appendChild(document.createElement("div"));
      canvas.className = "jl-canvas";
      now = show(canvas, scene, placed, fitted * zoom, data.groups);
      now.key = key;
      width = room;
      hide();
      find("waiting").hidden = true;
      find("back").hidden = key === data.first;
      find("where").textContent = scene.title;
      if (Object.keys(data.scenes).length > 1) {
        const looks = new Set(scene.nodes.map((n) => n.group));
        root.querySelectorAll("[data-jl-look]").forEach((sign) => { sign.hidden = !looks.has(sign.dataset.jlLook); });
      }
      root.querySelectorAll("[data-jl-words]").forEach((s) => { s.hidden = s.dataset.jlWords !== key; });
      root.jlPicture = now;
    }

    function under(event) {
      const box = now.canvas.getBoundingClientRect();
      const at = { x: event.clientX - box.left, y: event.clientY - box.top };
      const node = now.network.getNodeAt(at);
      if (node !== undefined) return now.nodes[node];
      const edge = now.network.getEdgeAt(at);
      return edge === undefined ? undefined : now.edges[edge];
    }

    function tell(event) {
      const thing = under(event);
      now.canvas.classList.toggle("jl-linked", Boolean(thing && thing.link));
      if (!thing || !thing.hover.length) return hide();
      tip.textContent = thing.hover.join("\n") + (thing.link ? "\n（点击查看明细）" : "");
      tip.hidden = false;
      const box = root.getBoundingClientRect(), own = tip.getBoundingClientRect();
      const left = Math.min(event.clientX + 14, document.documentElement.clientWidth - own.width - 8);
      const below = event.clientY + 18 + own.height < window.innerHeight;
      const top = below ? event.clientY + 18 : Math.max(4, event.clientY - own.height - 12);
      tip.style.left = `${Math.max(4, left) - box.left}px`;
      tip.style.top = `${top - box.top}px`;
    }

    function hide() { tip.hidden = true; }

    stage.addEventListener("pointermove", tell);
    stage.addEventListener("pointerleave", hide);
    stage.addEventListener("click", (event) => {
      const thing = under(event);
      if (thing && thing.link) location.assign(thing.link); else tell(event);
    });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
    window.addEventListener("hashchange", () => {
      if (wanted() === now.key) return; // an anchor of the page around the picture
      zoom = 1;
      draw();
      root.scrollIntoView();
    });
    window.addEventListener("resize", () => { if (stage.clientWidth !== width) draw(); });
    root.querySelectorAll("button[data-jl]").forEach((button) => button.addEventListener("click", () => {
      const what = button.dataset.jl;
      if (what === "png") return save(data, now);
      zoom = what === "fit" ? 1 : Math.min(3, Math.max(0.3, zoom * (what === "larger" ? 1.25 : 0.8)));
      draw();
    }));
    root.style.position = "relative";
    draw();
  }

  function show(canvas, scene, placed, scale, groups) {
    const nodes = {}, edges = {};
    scene.nodes.forEach((n) => { nodes[n.id] = n; });
    scene.edges.forEach((e) => { edges[e.id] = e; });
    canvas.style.width = `${Math.ceil(placed.width * scale)}px`;
    canvas.style.height = `${Math.ceil(placed.height * scale)}px`;
    const point = (id, x, y) => ({ id, x, y, shape: "dot", size: 0.1, borderWidth: 0, label: undefined });
    const ports = Object.entries(placed.ports).flatMap(([ends, at]) =>
      [point(`port ${ends}`, at[0], at[1]), ...(at.length > 2 ? [point(`end ${ends}`, at[2], at[3])] : [])]);
    const drawn = {
      nodes: new vis.DataSet(scene.nodes.filter((n) => placed.boxes[n.id]).map((n) => node(n, placed.boxes[n.id])).concat(ports)),
      edges: new vis.DataSet(placed.edges ? scene.edges.map((e) => edge(e, placed)) : []),
    };
    const network = new vis.Network(canvas, drawn, {
      autoResize: false, physics: false, layout: { improvedLayout: false }, groups: Object.assign({ useDefaultGroups: false }, groups),
      interaction: { dragNodes: false, dragView: false, zoomView: false, selectable: false, hover: false },
      nodes: { font: { size: FONT, face: FACE, multi: false }, margin: { top: 0, right: 0, bottom: 0, left: 0 } }, edges: { font: { face: FACE }, endPointOffset: { to: 0 } },
    });
    const long = Math.max(placed.width, placed.height) * scale;
    const picture = { network, canvas, nodes, edges, placed, scale, words: wordings(scene, placed), ratio: Math.min(window.devicePixelRatio || 1, SIDE / long) };
    network.canvas._determinePixelRatio = () => picture.ratio; // so that no canvas grows beyond what browsers paint
    network.on("beforeDrawing", (context) => ground(context, placed));
    network.on("afterDrawing", (context) => labels(context, picture, groups));
    place(picture);
    return picture;
  }

  function place(picture) {
    const { network, placed, scale, canvas } = picture;
    network.setSize(canvas.style.width, canvas.style.height);
    network.moveTo({ position: { x: placed.width / 2, y: placed.height / 2 }, scale, animation: false });
    network.redraw();
  }

  function node(n, [x, y, w, h, , size]) {
    const { hover, link, ...look } = n;
    const where = { ...look, x, y, label: " " }; // labels() writes what is in it, with room between the lines
    if (size) return { ...where, shape: "square", size };
    return { ...where, widthConstraint: { minimum: w, maximum: w }, heightConstraint: { minimum: h, valign: "middle" } };
  }

  function edge(e, placed) {
    const { hover, words, ...look } = e;
    const ends = `${e.from} ${e.to}`, port = placed.ports[ends];
    return port ? { ...look, from: `port ${ends}`, to: port.length > 2 ? `end ${ends}` : e.to } : look;
  }

  // Where an edge's words are: in the middle of what can be seen of it. [x, y, width, height, lines]
  function wordings(scene, placed) {
    if (!placed.edges) return [];
    const meter = document.createElement("canvas").getContext("2d");
    meter.font = `${SMALL}px ${FACE}`;
    return scene.edges.filter((e) => e.words.length && !e.hidden).map((e) => {
      const port = placed.ports[`${e.from} ${e.to}`];
      const ends = [port ? [port[0], port[1], 0, 0] : placed.boxes[e.from], placed.boxes[e.to]];
      const [start, end] = [border(ends[0], ends[1]), border(ends[1], ends[0])];
      const upright = Math.abs(start[0] - end[0]) < 20;
      const lines = upright ? [e.words.join("")] : e.words;
      const width = Math.max(...lines.map((w) => meter.measureText(w).width)) + 6;
      return [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2, width, lines.length * (SMALL + 4), lines];
    });
  }

  // Where the line between the centres of two boxes leaves the first one.
  function border([x, y, w, h], [toX, toY]) {
    const dx = toX - x, dy = toY - y;
    const part = Math.min(dx ? w / 2 / Math.abs(dx) : Infinity, dy ? h / 2 / Math.abs(dy) : Infinity, 1);
    return [x + dx * part, y + dy * part];
  }

  function labels(context, picture, groups) {
    const { placed, nodes } = picture;
    context.save();
    context.textBaseline = "middle";
    context.direction = "ltr";
    context.textAlign = "center";
    context.font = `${SMALL}px ${FACE}`;
    picture.words.forEach(([x, y, w, h, lines]) => {
      context.fillStyle = placed.bands.length ? GROUND : "#ffffff";
      context.fillRect(x - w / 2, y - h / 2, w, h);
      context.fillStyle = INK;
      lines.forEach((line, i) => context.fillText(line, x, y + (i - (lines.length - 1) / 2) * (SMALL + 4)));
    });
    Object.entries(placed.boxes).forEach(([id, [x, y, w, h, lines, size, align]]) => {
      const left = align === "left", title = nodes[id].group === "title";
      context.font = `${title ? "600 " : ""}${FONT}px ${FACE}`;
      context.fillStyle = groups[nodes[id].group].font.color;
      context.textAlign = left ? "left" : "center";
      const top = size ? y + size + LINE / 2 + 2 : y - (lines.length - 1) * LINE / 2;
      lines.forEach((line, i) => context.fillText(line, left ? x - w / 2 + (title ? 4 : 14) : x, top + i * LINE));
    });
    context.restore();
  }

  function ground(context, placed) {
    context.save();
    context.fillStyle = GROUND;
    context.strokeStyle = "#e1e4e8";
    context.lineWidth = 1;
    placed.bands.forEach(([x, y, w, h]) => { context.fillRect(x, y, w, h); context.strokeRect(x, y, w, h); });
    context.strokeStyle = "#4b5563";
    context.lineWidth = 2;
    placed.rails.forEach(([points, dashed]) => {
      context.setLineDash(dashed ? [7, 5] : []);
      context.beginPath();
      for (let i = 0; i < points.length; i += 2) context[i ? "lineTo" : "moveTo"](points[i], points[i + 1]);
      context.stroke();
    });
    context.fillStyle = INK;
    context.textAlign = "left";
    context.textBaseline = "middle";
    placed.captions.forEach(([x, y, text, strong]) => { context.font = `${strong ? "600 17px" : "16px"} ${FACE}`; context.fillText(text, x, y); });
    context.restore();
  }

  // -- PNG ---------------------------------------------------------------------------------------------------------------

  function save(data, picture) {
    const before = picture.ratio;
    const long = Math.max(picture.placed.width, picture.placed.height) * picture.scale;
    picture.ratio = Math.max(0.5, Math.min(2, SIDE / long));
    place(picture);
    const source = picture.network.canvas.frame.canvas;
    const sheet = document.createElement("canvas"), ratio = picture.ratio;
    const wide = source.width / ratio + 2 * EDGE, lines = head(data, wide);
    sheet.width = Math.ceil(wide * ratio);
    sheet.height = source.height + Math.ceil((lines.at(-1).y + 24 + EDGE) * ratio);
    const context = sheet.getContext("2d");
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, sheet.width, sheet.height);
    context.drawImage(source, EDGE * ratio, sheet.height - source.height - EDGE * ratio);
    context.scale(ratio, ratio);
    lines.forEach((line) => paint(context, line, data.groups));
    picture.ratio = before;
    place(picture);
    sheet.toBlob((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = `${data.title.replace(/[\\/:*?"<>|\s]+/g, "_").slice(0, 60)}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
  }

  // The header of a PNG: title, summary, facts and legend, each piece placed with its own width.
  function head(data, wide) {
    const meter = document.createElement("canvas").getContext("2d");
    const lines = [];
    let x = 12, y = 26;
    function put(text, font, swatch, alone) {
      meter.font = font;
      const room = meter.measureText(text).width + (swatch ? 38 : 0);
      if (x > 12 && (alone || x + room > wide - 12)) { x = 12; y += 26; }
      lines.push({ x, y, text, font, swatch });
      x += room + 22;
    }
    put(data.title + (data.synthetic ? "（虚构数据）" : ""), `600 24px ${FACE}`, null, true);
    put(data.summary, `18px ${FACE}`, null, true);
    data.facts.forEach((fact, i) => put(fact, `16px ${FACE}`, null, i === 0));
    data.legend.forEach((sign, i) => put(sign.words, `16px ${FACE}`, sign, i === 0));
    return lines;
  }

  function paint(context, line, groups) {
    context.save();
    context.textBaseline = "middle";
    let x = line.x;
    if (line.swatch) {
      const look = line.swatch.look && groups[line.swatch.look];
      const rule = getComputedStyle(document.querySelector(`.jl-${look ? "look-" + line.swatch.look : "stroke-" + line.swatch.stroke}`));
      context.strokeStyle = look ? look.color.border : rule.borderTopColor;
      context.lineWidth = 2;
      context.setLineDash({ dashed: [6, 4], dotted: [2, 3] }[rule.borderTopStyle] || []);
      context.beginPath();
      if (look) context.roundRect(x, line.y - 8, 24, 16, Math.min(8, look.shapeProperties.borderRadius));
      else { context.moveTo(x, line.y); context.lineTo(x + 28, line.y); }
      if (look) { context.fillStyle = look.color.background; context.fill(); }
      context.stroke();
      x += 36;
    }
    context.font = line.font;
    context.fillStyle = INK;
    context.fillText(line.text, x, line.y);
    context.restore();
  }
})();
