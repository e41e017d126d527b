import {
  BatchCheckRequest,
  BatchCheckResponse,
  CanGrantRequest,
  CanGrantResponse,
  CheckRequest,
  CheckResponse,
  ExplainResponse,
  ListGrantableRequest,
  ListGrantableResponse,
  ListPermissionsRequest,
  ListPermissionsResponse,
  ListScopesRequest,
  ListScopesResponse,
  ListSubjectsRequest,
  ListSubjectsResponse,
} from "./generated/decision.js";
import { method } from "./method.ts";

/** The methods of sidegate.v1.Sidegate. */
export const sidegateService = {
  check: method("/sidegate.v1.Sidegate/Check", CheckRequest, CheckResponse),
  batchCheck: method("/sidegate.v1.Sidegate/BatchCheck", BatchCheckRequest, BatchCheckResponse),
  explain: method("/sidegate.v1.Sidegate/Explain", CheckRequest, ExplainResponse),
  listPermissions: method(
    "/sidegate.v1.Sidegate/ListPermissions",
    ListPermissionsRequest,
    ListPermissionsResponse,
  ),
  listSubjects: method("/sidegate.v1.Sidegate/ListSubjects", ListSubjectsRequest, ListSubjectsResponse),
  listScopes: method("/sidegate.v1.Sidegate/ListScopes", ListScopesRequest, ListScopesResponse),
  canGrant: method("/sidegate.v1.Sidegate/CanGrant", CanGrantRequest, CanGrantResponse),
  listGrantable: method("/sidegate.v1.Sidegate/ListGrantable", ListGrantableRequest, ListGrantableResponse),
} as const;
