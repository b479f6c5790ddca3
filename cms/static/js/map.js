// Draws the places of the table beneath it on an outline of the islands. The table stays.
(() => {
  const box = document.querySelector("[data-map]");
  if (!box || typeof L === "undefined") return;
  const places = JSON.parse(document.getElementById(box.dataset.map).textContent);
  box.hidden = false;
  const map = L.map(box, { scrollWheelZoom: false, minZoom: 9, maxZoom: 18 });
  map.attributionControl.setPrefix(false);
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
    const taken = [...box.querySelectorAll(".pin")].map((pin) => pin.getBoundingClientRect());
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
  if (points.length) map.fitBounds(points, { padding: [40, 40], maxZoom: 14 });
  else map.setView([45.53, -73.66], 10);
})();
