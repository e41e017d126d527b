import type { ASTNode } from "@marcbachmann/cel-js";

/** The parts of a node that are expressions, in the order of the source. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case "value":
    case "id":
      return [];
    case ".":
    case ".?":
      return [node.args[0]];
    case "!_":
    case "-_":
      return [node.args];
    case "call":
      return node.args[1];
    case "rcall":
      return [node.args[1], ...node.args[2]];
    case "map":
      return node.args.flat();
    default:
      return node.args;
  }
}

/** How deep a tree is. */
export interface Depth {
  /** Expressions in one another. A chain of `||` or of `&&` counts once, however long. */
  readonly all: number;
  /** Lists and maps in one another that the expression makes: literals, and what `map` gives. */
  readonly made: number;
}

/** Not recursive, since the tree may be deep. */
export function depthOf(root: ASTNode): Depth {
  let deepest: Depth = { all: 1, made: 0 };
  const stack: { node: ASTNode; around: Depth }[] = [{ node: root, around: { all: 0, made: 0 } }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, around } = top;
    const depth = { all: around.all + 1, made: around.made + (makes(node) ? 1 : 0) };
    deepest = { all: Math.max(deepest.all, depth.all), made: Math.max(deepest.made, depth.made) };
    const isChain = node.op === "||" || node.op === "&&";
    for (const child of childrenOf(node)) {
      stack.push({ node: child, around: isChain && child.op === node.op ? around : depth });
    }
  }
  return deepest;
}

function makes(node: ASTNode): boolean {
  return node.op === "list" || node.op === "map" || (node.op === "rcall" && node.args[0] === "map");
}

/** A chain of selections as written, `a.b.c`, or undefined for any other expression. */
export function pathOf(node: ASTNode): string | undefined {
  if (node.op === "id") return node.args;
  if (node.op !== ".") return undefined;
  const path = pathOf(node.args[0]);
  return path === undefined ? undefined : `${path}.${node.args[1]}`;
}
