import { isObject, type JsonObject } from "./json-records.ts";

/** Names of the columns that say where a feature is; a property of the same name keeps it. */
export interface PlaceNames {
  readonly type: string;
  readonly longitude: string | null;
  readonly latitude: string | null;
  /** Features have an id of their own. */
  readonly id: string | null;
}

/** The features of a document; `null` when it is no GeoJSON. */
export function featuresOf(document: unknown): readonly JsonObject[] | null {
  if (isObject(document) && document["type"] === "Feature" && "geometry" in document) {
    return [document];
  }
  const list = isObject(document) && document["type"] === "FeatureCollection" ? document["features"] : document;
  return Array.isArray(list) && list.length > 0 && list.every(isFeature) ? list : null;
}

/** Says whether a value is a feature of GeoJSON (RFC 7946, 3.2). */
export function isFeature(value: unknown): value is JsonObject {
  return isObject(value) && value["type"] === "Feature" && "geometry" in value;
}

const propertiesOf = (feature: JsonObject): JsonObject =>
  isObject(feature["properties"]) ? feature["properties"] : {};
const geometryOf = (feature: JsonObject): JsonObject => (isObject(feature["geometry"]) ? feature["geometry"] : {});
const isPoint = (feature: JsonObject): boolean =>
  geometryOf(feature)["type"] === "Point" && Array.isArray(geometryOf(feature)["coordinates"]);

/** Finds names that no property has. */
export function placeNames(features: readonly JsonObject[]): PlaceNames {
  const taken = new Set(features.flatMap((feature) => Object.keys(propertiesOf(feature))));
  const free = (name: string): string => (taken.has(name) ? `feature_${name}` : name);
  const points = features.some(isPoint);
  return {
    id: features.some((feature) => feature["id"] !== undefined) ? free("id") : null,
    type: free("geometry_type"),
    longitude: points ? free("longitude") : null,
    latitude: points ? free("latitude") : null,
  };
}

/** A feature as a record: its properties, the type of its geometry and, for points, where it is. */
export function featureRecord(feature: JsonObject, names: PlaceNames): JsonObject {
  const geometry = geometryOf(feature);
  const found = isPoint(feature) ? geometry["coordinates"] : [];
  const coordinates: readonly unknown[] = Array.isArray(found) ? found : [];
  return {
    ...(names.id === null ? {} : { [names.id]: feature["id"] ?? null }),
    ...propertiesOf(feature),
    [names.type]: geometry["type"] ?? null,
    ...(names.longitude === null ? {} : { [names.longitude]: coordinates[0] ?? null }),
    ...(names.latitude === null ? {} : { [names.latitude]: coordinates[1] ?? null }),
  };
}
