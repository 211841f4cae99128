// Draws the tables of a dashboard. The tables stay: they are the truth, the drawings are for a glance.

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const number = (cell) => Number(cell.textContent.replace(/[^\d.-]/g, ""));

// What a table says: the first column, and the numbers of the columns that are drawn.
const read = (table) => {
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  const names = rows.map((row) => row.cells[0].textContent.trim());
  const column = (index) => rows.map((row) => number(row.cells[index]));
  return { heads, names, column };
};

const lights = { overdue: "--red", decayed: "--blue", soon: "--amber", normal: "--line-2", done: "--green" };
// Shapes as well as colours, for those who do not see colours and for grey printers.
const decals = { overdue: "rect", decayed: "diamond", soon: "triangle", normal: "circle", done: "none" };

const options = {
  bars({ names, column, heads }) {
    return {
      xAxis: { type: "value", minInterval: 1 },
      yAxis: { type: "category", data: names, inverse: true, axisLabel: { width: 160, overflow: "truncate" } },
      series: [{ type: "bar", name: heads[1].textContent.trim(), data: column(1), itemStyle: { color: colour("--red") }, label: { show: true, position: "right" } }],
    };
  },
  stacked({ names, column, heads }) {
    const drawn = heads.map((head, index) => [head, index]).filter(([head]) => head.dataset.light);
    return {
      legend: { top: 0 },
      xAxis: { type: "value", minInterval: 1 },
      yAxis: { type: "category", data: names, inverse: true, axisLabel: { width: 160, overflow: "truncate" } },
      series: drawn.map(([head, index]) => ({
        type: "bar",
        stack: "all",
        name: head.textContent.trim(),
        data: column(index),
        itemStyle: { color: colour(lights[head.dataset.light]), decal: { symbol: decals[head.dataset.light], color: "rgba(255,255,255,.5)" } },
      })),
    };
  },
  line({ names, column, heads }) {
    return {
      legend: { top: 0 },
      xAxis: { type: "category", data: names },
      yAxis: { type: "value", minInterval: 1 },
      series: [
        { type: "line", step: "end", name: heads[1].textContent.trim(), data: column(1), itemStyle: { color: colour("--green") }, symbol: "rect" },
        { type: "bar", name: heads[2].textContent.trim(), data: column(2), itemStyle: { color: colour("--line-2") } },
      ],
    };
  },
};

// A legend breaks into lines where the screen is narrow; the drawing begins below the last of them. Pixels.
const LEGEND = { line: 22, above: 14, margin: 20, sign: 40, letter: 12 };
const legendLines = ({ legend, series }, width) => {
  let [lines, left] = [1, 0];
  for (const { name } of legend ? series : []) {
    const wide = LEGEND.sign + LEGEND.letter * name.length;
    if (left > 0 && left + wide > width - LEGEND.margin) [lines, left] = [lines + 1, 0];
    left += wide;
  }
  return lines;
};

const drawn = [];
for (const figure of window.echarts ? document.querySelectorAll("figure[data-chart]") : []) {
  const table = document.getElementById(figure.dataset.table);
  if (!table || table.tBodies[0].rows.length === 0) continue;
  const told = read(table);
  figure.hidden = false;
  const option = options[figure.dataset.chart](told);
  const top = () => LEGEND.above + LEGEND.line * legendLines(option, figure.clientWidth);
  if (figure.dataset.chart !== "line") figure.style.height = `${Math.min(told.names.length * 30 + 54 + top(), 600)}px`;
  const ink = colour("--ink");
  // Twice as fine as a plain screen: on paper the picture is scaled, not drawn anew.
  const chart = window.echarts.init(figure, null, { devicePixelRatio: Math.max(2, window.devicePixelRatio) });
  chart.setOption({
    animation: false,
    textStyle: { color: ink, fontFamily: colour("--sans") },
    grid: { left: 8, right: 48, top: top(), bottom: 8, containLabel: true },
    tooltip: { trigger: "axis" },
    ...option,
  });
  drawn.push([chart, top]);
}
window.addEventListener("resize", () => {
  for (const [chart, top] of drawn) {
    chart.setOption({ grid: { top: top() } });
    chart.resize();
  }
});
