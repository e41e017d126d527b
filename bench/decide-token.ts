import pino from "pino";
import { decide } from "../engine/decide/decide.ts";
import type { DecisionRequest } from "../engine/decide/request.ts";
import type { Policy } from "../engine/policy/policy.ts";
import { TokenVerifier } from "../sidecar/token/token-verifier.ts";
import type { BenchmarkContext } from "./benchmark.ts";
import { compileWorld, loadPolicy } from "./compile-world.ts";
import { plainQuestion, planEngineer } from "./plan-engineer.ts";
import { type Algorithm, algorithms, TokenSigner } from "./sign-tokens.ts";
import { type Contender, questions, takeTurns } from "./take-turns.ts";
import type { WorldSize } from "./world-plan.ts";

const NOW = Date.UTC(2026, 0, 1);
const EXPIRES = NOW + 3_600_000;
const PER_ROUND = 500;
/** Tokens of a round. They are verified one after the other, as one caller's are. */
const TOKENS = 25;
const PERMISSION = "connections:manage";
const CONNECTION = { connection: "2" };

const isAllowed = (policy: Policy, request: DecisionRequest) =>
  decide(policy, request, NOW).outcome === "Allowed";

/** Decisions with a token: what narrowing costs by itself, and with the signature checked. */
export async function measureToken({ report, note, isSmall }: BenchmarkContext): Promise<void> {
  const size = { organizations: 100, bindings: isSmall ? 10_000 : 100_000 };
  const signer = new TokenSigner();
  const compiler = compileWorld(size);
  compiler.put(signer.policy);
  const policy = loadPolicy(compiler.compile({}));
  const facts = { unit: "us", count: PER_ROUND } as const;
  const contenders = [
    questions({ ...facts, what: "allow, no token" }, ask(size), (request) => isAllowed(policy, request)),
    await narrowing(policy, size, signer),
    ...algorithms.flatMap((algorithm) => [
      verifying(policy, size, signer, algorithm, "warm"),
      verifying(policy, size, signer, algorithm, "cold"),
    ]),
  ];
  await takeTurns(contenders, isSmall ? 10 : 200, isSmall ? 3 : 20, report);
  note(
    "The tokens narrow by three selectors. Warm: the verifier has used the key before; cold: it is the first token that it sees, so the key set is read and its two keys imported.",
  );
}

function ask(size: WorldSize) {
  return (number: number): DecisionRequest => {
    const { user, workplace } = planEngineer(size, number);
    return plainQuestion(user, PERMISSION, workplace);
  };
}

/** The same questions, with what a token of the subject proves found before. */
async function narrowing(policy: Policy, size: WorldSize, signer: TokenSigner): Promise<Contender> {
  const token = signer.sign("EdDSA", "anyone", EXPIRES);
  const evidence = await newVerifier().verify(policy.model.tokenPolicies, token, NOW);
  if (!evidence.valid) throw new Error(evidence.detail);
  const withToken = (number: number): DecisionRequest => {
    const request = ask(size)(number);
    return {
      ...request,
      resourceAttributes: CONNECTION,
      token: { ...evidence, subject: request.subjectName },
    };
  };
  const facts = { what: "allow, a token narrows, verified before", unit: "us", count: PER_ROUND } as const;
  return questions(facts, withToken, (request) => isAllowed(policy, request));
}

/** Verifies a token and decides by it. */
function verifying(
  policy: Policy,
  size: WorldSize,
  signer: TokenSigner,
  algorithm: Algorithm,
  key: "warm" | "cold",
): Contender {
  const used = newVerifier();
  return {
    what: `allow, the token verified as well, ${algorithm}, key ${key}`,
    unit: "us",
    count: TOKENS,
    prepare: (from) => {
      const requests = Array.from({ length: TOKENS }, (_, at) => ask(size)(from + at));
      const tokens = requests.map(({ subjectName }) => signer.sign(algorithm, subjectName, EXPIRES));
      const verifiers = tokens.map(() => (key === "warm" ? used : newVerifier()));
      return async () => {
        let right = 0;
        for (const [at, request] of requests.entries()) {
          const verifier = verifiers[at] as TokenVerifier;
          const token = await verifier.verify(policy.model.tokenPolicies, tokens[at] as string, NOW);
          if (isAllowed(policy, { ...request, resourceAttributes: CONNECTION, token })) right++;
        }
        return right;
      };
    },
  };
}

function newVerifier(): TokenVerifier {
  return new TokenVerifier(pino({ enabled: false }));
}
