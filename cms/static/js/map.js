// Draws the places of the table beneath it on an outline of the islands. The table stays.
(() => {
  const box = document.querySelector("[data-map]");
  if (!box || typeof L === "undefined") return;
  const source = document.getElementById(box.dataset.map);
  const places = source ? JSON.parse(source.textContent) : [];
  box.hidden = false;
  const map = L.map(box, { scrollWheelZoom: false, minZoom: 9, maxZoom: 18 });
  map.attributionControl.setPrefix(false);
  box.drawn = map; // for the script of a page that has more to draw
  if (box.dataset.tiles) L.tileLayer(box.dataset.tiles).addTo(map);

  const say = (tag, text, kind) => {
    const node = document.createElement(tag);
    node.textContent = text;
    if (kind) node.className = kind;
    return node;
  };

  fetch(box.dataset.outline).then((answer) => answer.json()).then((outline) => {
    L.geoJSON(outline, { interactive: false, className: "islands" }).addTo(map).bringToBack();
    outline.names.forEach((borough) => {
      L.marker([borough.lat, borough.lon], {
        interactive: false, keyboard: false,
        icon: L.divIcon({ className: "borough-name", html: say("span", borough.name), iconSize: null }),
      }).addTo(map);
    });
    map.on("moveend", tidy);
    tidy();
  });

  // A name is shown where it stands whole and covers neither another one nor a pin.
  const tidy = () => {
    const frame = box.getBoundingClientRect();
    const taken = [...box.querySelectorAll(".pin, .cluster")].map((pin) => pin.getBoundingClientRect());
    box.querySelectorAll(".borough-name").forEach((name) => {
      const own = name.getBoundingClientRect();
      const whole = own.left > frame.left && own.right < frame.right
        && own.top > frame.top && own.bottom < frame.bottom;
      const free = whole && taken.every((other) => own.right < other.left || own.left > other.right
        || own.bottom < other.top || own.top > other.bottom);
      name.classList.toggle("covered", !free);
      if (free) taken.push(own);
    });
  };

  // A long list: what stands close together is one mark with a number; each look asks again.
  function clusters() {
    const layer = L.layerGroup().addTo(map);
    let asked = 0;
    let latest;
    const words = (pattern, n) => pattern.replace("{n}", n);

    const card = (count, names) => {
      const node = document.createElement("div");
      names.forEach(([name, url]) => {
        const link = say("a", name);
        link.href = url;
        const line = document.createElement("p");
        line.append(link);
        node.append(line);
      });
      if (count > names.length) {
        node.append(say("p", words(box.dataset.more, count - names.length), "soft small"));
      }
      return node;
    };

    const draw = (found) => {
      layer.clearLayers();
      found.marks.forEach(([lat, lon, count, names]) => {
        const label = count === 1 && names.length ? names[0][0] : words(box.dataset.here, count);
        const side = count === 1 ? 22 : Math.min(30 + 8 * Math.log10(count), 58);
        const icon = L.divIcon({
          className: count === 1 ? "pin" : "cluster",
          html: count === 1 ? "" : say("span", String(count)),
          iconSize: [side, side],
        });
        const mark = L.marker([lat, lon], { title: label, alt: label, icon }).addTo(layer);
        if (names.length) mark.bindPopup(card(count, names));
        else mark.on("click", () => map.setView([lat, lon], Math.min(map.getZoom() + 2, 18)));
      });
      tidy();
    };

    const read = (whole) => {
      const mine = ++asked;
      const bounds = map.getBounds();
      const address = new URL(box.dataset.clusters, window.location);
      if (!whole) {
        address.searchParams.set("box", [bounds.getWest(), bounds.getSouth(),
          bounds.getEast(), bounds.getNorth()].map((n) => n.toFixed(4)).join(","));
        address.searchParams.set("zoom", map.getZoom());
      }
      if (latest) latest.abort();
      latest = new AbortController();
      return fetch(address, { signal: latest.signal })
        .then((answer) => (answer.ok ? answer.json() : null))
        .then((found) => { if (found && mine === asked) return found; return null; })
        .catch(() => null);
    };

    map.setView([45.53, -73.66], 10);
    read(true).then((found) => {
      if (found && found.box.length) map.fitBounds(found.box, { padding: [40, 40], maxZoom: 14, animate: false });
      const look = () => read(false).then((marks) => { if (marks) draw(marks); });
      // An open card would close with its mark: what moved meanwhile is read once it is closed.
      let moved = false;
      map.on("moveend", () => {
        moved = layer.getLayers().some((mark) => mark.isPopupOpen());
        if (!moved) look();
      });
      map.on("popupclose", () => { if (moved) { moved = false; look(); } });
      look();
    });
  }

  const points = [];
  places.forEach((place) => {
    if (place.geometry && place.geometry.type !== "Point") {
      L.geoJSON(place.geometry, { interactive: false, className: "site-shape" }).addTo(map);
    }
    const card = document.createElement("div");
    const link = say("a", place.label);
    link.href = place.url;
    card.append(link, say("p", place.detail, "soft small"));
    L.marker([place.lat, place.lon], {
      title: place.label, alt: place.label,
      icon: L.divIcon({ className: "pin", html: "", iconSize: [22, 22] }),
    }).addTo(map).bindPopup(card);
    points.push([place.lat, place.lon]);
  });
  if (box.dataset.clusters) clusters();
  else if (points.length) map.fitBounds(points, { padding: [40, 40], maxZoom: 14 });
  else map.setView([45.53, -73.66], 10);
})();
