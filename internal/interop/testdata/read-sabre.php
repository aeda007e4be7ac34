<?php
// sabre/vobject, version 2 as in Debian: prints what it reads of each
// calendar, and what its validation says.
require_once 'Sabre/VObject/autoload.php';

use Sabre\VObject\Property;
use Sabre\VObject\Reader;

function text($event, $name) {
	// This version leaves the escapes of commas and semicolons in place.
	return isset($event->$name) ? str_replace(['\\,', '\\;'], [',', ';'], $event->$name->value) : '';
}

function instant($event, $name) {
	if (!isset($event->$name)) return '';
	$time = $event->$name->getDateTime();
	if (isset($event->$name['VALUE']) && (string)$event->$name['VALUE'] === 'DATE') return $time->format('Y-m-d');
	if (floating($event->$name)) return $time->format('Y-m-d\TH:i:s');
	$utc = new DateTime('@' . $time->getTimestamp());
	return $utc->format('Y-m-d\TH:i:s\Z');
}

function floating($property) { return $property->getDateType() === Property\DateTime::LOCAL; }

function zone($start) {
	if (isset($start['VALUE']) && (string)$start['VALUE'] === 'DATE') return '';
	if (floating($start)) return 'floating';
	return isset($start['TZID']) ? (string)$start['TZID'] : 'UTC';
}

foreach (array_slice($argv, 1) as $name) {
	$values = [];
	$faults = [];
	try {
		$calendar = Reader::read(file_get_contents($name));
		foreach ($calendar->validate() as $fault) $faults[] = $fault['message'];
		foreach ($calendar->select('VEVENT') as $event) {
			$values[] = [
				'UID' => text($event, 'UID'), 'Summary' => text($event, 'SUMMARY'), 'Description' => text($event, 'DESCRIPTION'),
				'Location' => text($event, 'LOCATION'), 'URL' => text($event, 'URL'), 'Status' => text($event, 'STATUS'),
				'Sequence' => (int)text($event, 'SEQUENCE'), 'RecurrenceID' => instant($event, 'RECURRENCE-ID'), 'Start' => instant($event, 'DTSTART'), 'End' => instant($event, 'DTEND'),
				'Zone' => zone($event->DTSTART),
				'Categories' => isset($event->CATEGORIES) ? explode(',', $event->CATEGORIES->value) : [],
			];
		}
	} catch (Exception $e) {
		$faults[] = get_class($e) . ': ' . $e->getMessage();
	}
	echo json_encode(['File' => $name, 'Values' => $values, 'Faults' => $faults], JSON_UNESCAPED_SLASHES), "\n";
}
