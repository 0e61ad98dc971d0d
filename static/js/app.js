// What every page of ours loads. Each module makes something of the page handier; none is needed to use it.
import { start as startCopying } from "./copy.js";

startCopying();
