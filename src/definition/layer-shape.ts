import { shown } from "./faults.ts";
import { list, type Shape } from "./shape.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_LAYERS = 5;

const layer: Shape<string> = (folder, place, report): folder is string => {
  const problem = layerProblem(folder);
  if (problem !== undefined) report(place, problem);
  return problem === undefined;
};

function layerProblem(folder: unknown): string | undefined {
  if (typeof folder !== "string" || folder === "" || /^(\/|[A-Za-z]:)|\\/.test(folder)) {
    return `${shown(folder)} is no layer; name a folder from that of the definition, with /, such as "layers/common".`;
  }
  if (!folder.startsWith("arn:")) return undefined;
  return `${shown(folder)} is the ARN of a layer; unpack its content (aws lambda get-layer-version) and name the folder.`;
}

const folders = list(layer);

/** Folders whose contents Lambda would lay into `/opt`, in this order. */
export const layers: Shape<readonly string[]> = (value, place, report): value is string[] => {
  const tooMany = Array.isArray(value) && value.length > MOST_LAYERS;
  if (tooMany) {
    report(
      place,
      `${value.length} layers are more than the ${MOST_LAYERS} that Lambda takes; join some.`,
    );
  }
  return folders(value, place, report) && !tooMany;
};
