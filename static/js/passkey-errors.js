// Says that a passkey was refused, or its question cancelled, where the page has a place for it.
document.addEventListener("allauth.error", (event) => {
  const place = document.querySelector("[data-passkey-error]");
  if (place) {
    event.preventDefault();
    place.hidden = false;
  }
});
