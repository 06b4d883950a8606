/* A colour picker beside the field of a colour; the field stays what is sent. */

const SIX = /^#[0-9a-f]{6}$/i;

function addPicker(field) {
  const picker = document.createElement("input");
  picker.type = "color";
  picker.setAttribute("aria-label", "Pick a colour");
  const follow = () => { if (SIX.test(field.value)) picker.value = field.value; };
  picker.value = "#0b5d5e";
  follow();
  picker.addEventListener("input", () => {
    field.value = picker.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", follow);
  field.after(picker);
}

for (const group of document.querySelectorAll("[data-colour]")) {
  addPicker(group.querySelector("input[type=text]"));
}
