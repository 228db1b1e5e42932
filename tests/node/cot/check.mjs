// Reads events with @tak-ps/node-cot and says what it understood. Standard input: JSON lines {"xml": text} or {"proto": base64}.
// Standard output: for each line one JSON object with what the event says, and the event written again as XML and as protobuf.
import { createInterface } from 'node:readline';
import { CoTParser } from '@tak-ps/node-cot';

for await (const line of createInterface({ input: process.stdin })) {
    let answer;
    try {
        const input = JSON.parse(line);
        const cot = input.xml !== undefined
            ? CoTParser.from_xml(input.xml)
            : await CoTParser.from_proto(Buffer.from(input.proto, 'base64'));
        const { _attributes: attributes, point } = cot.raw.event;
        // Its own mark of who handled the event changes from run to run and is none of ours.
        delete cot.raw.event.detail['_flow-tags_'];
        const xml = CoTParser.to_xml(cot);
        const proto = Buffer.from(await CoTParser.to_proto(cot)).toString('base64');
        const callsign = cot.callsign();
        const feature = await CoTParser.to_geojson(cot);
        answer = {
            uid: cot.uid(), type: cot.type(), how: attributes.how, opex: attributes.opex ?? '', qos: attributes.qos ?? '',
            time: attributes.time, start: attributes.start, stale: attributes.stale,
            lat: Number(point._attributes.lat), lon: Number(point._attributes.lon), hae: Number(point._attributes.hae),
            ce: Number(point._attributes.ce), le: Number(point._attributes.le),
            callsign, remarks: feature.properties.remarks ?? '', ellipse: feature.properties.shape?.ellipse ?? null,
            geometry: feature.geometry, xml, proto,
        };
    } catch (error) {
        answer = { error: String(error?.message ?? error) };
    }
    process.stdout.write(JSON.stringify(answer) + '\n');
}
