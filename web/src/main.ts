import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import { live } from "./lib/live.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
mount(App, { target });
live.open();
addEventListener("pagehide", () => live.close());
addEventListener("pageshow", () => live.open());
