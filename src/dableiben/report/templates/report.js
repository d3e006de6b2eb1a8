// Enhancement only: the report is complete without it. Columns of the longer tables can be sorted.
(function () {
  function key(cell) {
    if (!cell) return [2, 0, ""];
    if (cell.dataset.v !== undefined) return [0, parseFloat(cell.dataset.v), ""];
    return [cell.classList.contains("n") ? 2 : 1, 0, cell.textContent.trim().toLowerCase()];
  }
  function compare(a, b) {
    return a[0] - b[0] || a[1] - b[1] || a[2].localeCompare(b[2], document.documentElement.lang);
  }
  document.querySelectorAll("table.sort").forEach(function (table) {
    var body = table.tBodies[0];
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
      // Not a button element: browsers do not repeat those in table heads on paper.
      var button = head.firstElementChild;
      button.setAttribute("role", "button");
      button.tabIndex = 0;
      button.addEventListener("keydown", function (event) {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); button.click(); }
      });
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        table.querySelectorAll("[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var rows = Array.prototype.slice.call(body.rows).map(function (row, at) {
          return { row: row, key: key(row.cells[column]), at: at };
        });
        rows.sort(function (a, b) {
          // What has no number stays at the end in both directions.
          if (a.key[0] !== b.key[0]) return a.key[0] - b.key[0];
          return (down ? -1 : 1) * compare(a.key, b.key) || a.at - b.at;
        });
        rows.forEach(function (entry) { body.appendChild(entry.row); });
      });
    });
  });
})();
