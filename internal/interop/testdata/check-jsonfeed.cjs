// ajv: says what in each JSON Feed is against the schema beside this file.
const fs = require('fs'), Module = require('module'), path = require('path');
process.env.NODE_PATH = '/usr/share/nodejs'; // of Debian; its own node looks there anyway
Module._initPaths();
const Ajv = require('ajv');

if (process.argv.length > 2) {
	const valid = new Ajv({allErrors: true}).compile(JSON.parse(fs.readFileSync(path.join(__dirname, 'jsonfeed-1.1.json'))));
	for (const name of process.argv.slice(2)) {
		const feed = JSON.parse(fs.readFileSync(name, 'utf8'));
		const faults = valid(feed) ? [] : valid.errors.map(e => `${e.dataPath} ${e.message}`);
		console.log(JSON.stringify({File: name, Values: feed.items, Faults: faults}));
	}
}
