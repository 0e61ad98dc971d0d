// What every page of ours loads. Each module makes something of the page handier; none is needed to use it.
import { start as startCopying } from "./copy.js";
import { start as startDialogs } from "./dialogs.js";
import { start as startEffects } from "./effect.js";
import { start as startIdleWarning } from "./idle.js";
import { start as startOfflineBanner } from "./offline.js";
import { start as startPalette } from "./palette.js";
import { start as startRules } from "./rules.js";
import { start as startShortcuts } from "./shortcuts.js";

const modules = [
  startDialogs,
  startCopying,
  startEffects,
  startPalette,
  startRules,
  startShortcuts,
  startIdleWarning,
  startOfflineBanner,
];
for (const start of modules) {
  start();
}
