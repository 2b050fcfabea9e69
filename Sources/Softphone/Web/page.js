// The page around the softphone: `?user=6001` fills in the extension, `?call=1000` the number, which is called on a press of "Call".
import "./arioso-phone.js";

const asked = new URL(location).searchParams;
const phone = document.querySelector("arioso-phone");
const call = asked.get("call");
phone.addEventListener("state", ({ detail }) => { if (detail === "registered" && call && !phone.number.value) phone.number.value = call; }, { once: false });
if (asked.get("user") && phone.account?.user !== asked.get("user")) phone.showLogIn({ user: asked.get("user") });
phone.addEventListener("call", ({ detail }) => {
  const title = document.title;
  if (detail.isIncoming) document.title = `${detail.name || detail.number} is calling`;
  detail.addEventListener("state", () => { document.title = title; }, { once: true });
});
