/* Shows a chosen picture with the square that is kept, and lets it be dragged. The sliders stay what
   is sent; without this script they do the same, and the page shows the square afterwards. */

const MOST = 640;

function follow(form) {
  const canvas = form.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const file = form.querySelector('input[type="file"]');
  const [x, y, size] = ["x", "y", "size"].map((name) => form.elements[name]);
  let picture = null;
  let grip = null;

  function frame() {
    const side = (Math.min(canvas.width, canvas.height) * size.value) / 100;
    const room = { x: canvas.width - side, y: canvas.height - side };
    return { side, room, left: (room.x * x.value) / 100, top: (room.y * y.value) / 100 };
  }

  function draw() {
    if (!picture) return;
    const { side, left, top } = frame();
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    pen.fillStyle = "rgb(0 0 0 / .55)";
    pen.fillRect(0, 0, canvas.width, top);
    pen.fillRect(0, top + side, canvas.width, canvas.height - top - side);
    pen.fillRect(0, top, left, side);
    pen.fillRect(left + side, top, canvas.width - left - side, side);
    pen.strokeStyle = "#fff";
    pen.lineWidth = 2;
    pen.strokeRect(left + 1, top + 1, side - 2, side - 2);
  }

  async function choose() {
    picture = null;
    canvas.hidden = true;
    const [chosen] = file.files;
    if (!chosen) return;
    try {
      picture = await createImageBitmap(chosen);
    } catch {
      return; // the server says what is wrong with it
    }
    const scale = Math.min(1, MOST / Math.max(picture.width, picture.height));
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.hidden = false;
    draw();
  }

  function at(event) {
    const box = canvas.getBoundingClientRect();
    const scale = canvas.width / box.width;
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
  }

  function percent(part, room) {
    return room > 0 ? Math.round(Math.min(100, Math.max(0, (part / room) * 100))) : 50;
  }

  canvas.addEventListener("pointerdown", (event) => {
    const { left, top } = frame();
    const point = at(event);
    grip = { x: point.x - left, y: point.y - top };
    canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!grip) return;
    const { room } = frame();
    const point = at(event);
    x.value = percent(point.x - grip.x, room.x);
    y.value = percent(point.y - grip.y, room.y);
    draw();
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (grip = null));
  for (const slider of [x, y, size]) slider.addEventListener("input", draw);
  file.addEventListener("change", choose);
  choose();
}

for (const form of document.querySelectorAll("form[data-crop]")) follow(form);
