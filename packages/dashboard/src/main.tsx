import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/parts.css";
import "./styles/tables.css";
import "./styles/forms.css";
import "./styles/dialogs.css";
import "./styles/charts.css";
import "./styles/trade.css";
import { render } from "preact";
import { App } from "./app/app.tsx";
import { begin } from "./app/session.ts";
import { Boundary } from "./ui/boundary.tsx";

const root = document.getElementById("root")!;
root.replaceChildren();
render(
  <Boundary what="The page">
    <App />
  </Boundary>,
  root,
);
void begin();
