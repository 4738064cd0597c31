import { afterAll, beforeAll } from "vitest";
import { conditional } from "./conditional.ts";
import { dialogs } from "./dialogs.ts";
import { firstView } from "./first.ts";
import { keyboard } from "./keyboard.ts";
import { numbers } from "./numbers.ts";
import { states } from "./states.ts";
import { close, open } from "./support/world.ts";
import { views } from "./views.ts";
import { walk } from "./walk.ts";

beforeAll(open);
afterAll(close);

firstView();
states();
walk();
conditional();
dialogs();
views();
keyboard();
numbers();
