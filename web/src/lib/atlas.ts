/** Outlines of the countries: Natural Earth 1:110m, from the package `world-atlas`. Read only when a map is shown. */

import type { Feature, FeatureCollection, Geometry } from "geojson";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import world from "world-atlas/countries-110m.json";

export type Country = Feature<Geometry, { name: string }>;

const topology = world as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>;

/** All countries, in the order of the package. */
export const countries: FeatureCollection<Geometry, { name: string }> = feature(topology, topology.objects.countries);
