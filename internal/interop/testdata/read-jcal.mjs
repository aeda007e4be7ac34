// ical.js, whose module is the first argument: prints as jCal what it reads of
// a calendar in content lines, the second argument, and of one in jCal, the
// third, which it first writes as content lines.
import {readFileSync} from 'node:fs';
import {pathToFileURL} from 'node:url';

const [module, lines, jcal] = process.argv.slice(2);
const {default: ICAL} = await import(pathToFileURL(module));

const back = new ICAL.Component(JSON.parse(readFileSync(jcal, 'utf8'))).toString();
console.log(JSON.stringify({Lines: ICAL.parse(readFileSync(lines, 'utf8')), JCal: ICAL.parse(back)}));
