<?php
// sabre/vobject, version 2 as in Debian: prints the occurrences of each
// calendar that begin between two instants (Unix seconds).
require_once 'Sabre/VObject/autoload.php';

use Sabre\VObject\Reader;

function instant($event, $name) {
	$time = $event->$name->getDateTime();
	if (isset($event->$name['VALUE']) && (string)$event->$name['VALUE'] === 'DATE') return $time->format('Y-m-d');
	$utc = new DateTime('@' . $time->getTimestamp());
	return $utc->format('Y-m-d\TH:i:s\Z');
}

foreach (array_slice($argv, 3) as $name) {
	$values = [];
	$faults = [];
	set_time_limit(20); // it goes on for ever with some rules
	try {
		$calendar = Reader::read(file_get_contents($name));
		$calendar->expand(new DateTime('@' . $argv[1]), new DateTime('@' . $argv[2]));
		foreach ($calendar->select('VEVENT') as $event) {
			$values[] = ['UID' => $event->UID->value, 'Start' => instant($event, 'DTSTART'), 'End' => instant($event, 'DTEND'), 'Summary' => str_replace('\\,', ',', $event->SUMMARY->value)];
		}
	} catch (Exception $e) {
		$faults[] = get_class($e) . ': ' . $e->getMessage();
	}
	echo json_encode(['File' => $name, 'Values' => $values, 'Faults' => $faults], JSON_UNESCAPED_SLASHES), "\n";
}
