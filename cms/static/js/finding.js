// Where to look: around the reader, once they ask for it, and within what the map shows.
(() => {
  const goTo = (changes) => {
    const address = new URL(window.location);
    address.searchParams.delete("page");
    Object.entries(changes).forEach(([name, value]) => {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    });
    window.location.assign(address);
  };

  // The address is what one shares: a field left empty is not said in it.
  const form = document.querySelector("main form");
  if (form) {
    form.addEventListener("formdata", ({ formData }) => {
      new Set(formData.keys()).forEach((name) => {
        const said = formData.getAll(name).filter(Boolean);
        formData.delete(name);
        said.forEach((value) => formData.append(name, value));
      });
    });
  }

  const near = document.querySelector("[data-near]");
  if (near && navigator.geolocation) {
    const said = document.querySelector("[data-near-said]");
    near.hidden = false;
    near.addEventListener("click", () => {
      said.textContent = said.dataset.asking;
      navigator.geolocation.getCurrentPosition(
        // Three decimals: about a hundred metres. No more of it leaves the browser.
        ({ coords }) => goTo({
          near: `${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)},2`,
          sort: "distance",
          q: document.getElementById("q").value.trim(),
        }),
        () => { said.textContent = said.dataset.refused; },
        { maximumAge: 600000, timeout: 10000 },
      );
    });
  }

  const area = document.querySelector("[data-area]");
  const holder = document.querySelector("[data-results-map]");
  const map = holder && holder.querySelector("[data-map]") && holder.querySelector("[data-map]").drawn;
  if (!area || !map) return;
  area.hidden = false;
  area.addEventListener("click", () => {
    const seen = map.getBounds();
    goTo({
      box: [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()]
        .map((n) => n.toFixed(4)).join(","),
    });
  });
  const numbers = (text) => text.split(",").filter(Boolean).map(Number);
  const [west, south, east, north] = numbers(holder.dataset.box);
  if (north !== undefined) {
    const bounds = [[south, west], [north, east]];
    L.rectangle(bounds, { interactive: false, className: "area" }).addTo(map);
    map.fitBounds(bounds, { animate: false });
  }
  const [lat, lon, km] = numbers(holder.dataset.nearAt);
  if (lon !== undefined) {
    L.circle([lat, lon], { radius: (km || 2) * 1000, interactive: false, className: "area" }).addTo(map);
  }
})();
