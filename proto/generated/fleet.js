/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $Number = $util.global.Number, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

const $root = $protobuf.roots["sidegate-fleet"] || ($protobuf.roots["sidegate-fleet"] = {});

export const sidegate = $root.sidegate = (() => {

    const sidegate = {};

    sidegate.v1 = (function() {

        const v1 = {};

        v1.ListSidecarsRequest = (function() {

            const ListSidecarsRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ListSidecarsRequest.prototype.domain = "";

            ListSidecarsRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.domain != null && $Object.hasOwnProperty.call(message, "domain") && message.domain !== "")
                    writer.uint32(10).string(message.domain);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ListSidecarsRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sidegate.v1.ListSidecarsRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.domain = value;
                            else
                                delete message.domain;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ListSidecarsRequest;
        })();

        v1.SidecarState = (function() {

            const SidecarState = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            SidecarState.prototype.sidecar = "";
            SidecarState.prototype.version = "";
            SidecarState.prototype.peer = "";
            SidecarState.prototype.user = "";
            SidecarState.prototype.domain = "";
            SidecarState.prototype.revision = "";
            SidecarState.prototype.current = false;
            SidecarState.prototype.lagMs = 0;
            SidecarState.prototype.lastContactMs = 0;
            SidecarState.prototype.connectedMs = 0;
            SidecarState.prototype.refusedRevision = "";
            SidecarState.prototype.refusedCode = "";
            SidecarState.prototype.refusedMessage = "";
            SidecarState.prototype.behind = false;

            SidecarState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.sidecar != null && $Object.hasOwnProperty.call(message, "sidecar") && message.sidecar !== "")
                    writer.uint32(10).string(message.sidecar);
                if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== "")
                    writer.uint32(18).string(message.version);
                if (message.peer != null && $Object.hasOwnProperty.call(message, "peer") && message.peer !== "")
                    writer.uint32(26).string(message.peer);
                if (message.user != null && $Object.hasOwnProperty.call(message, "user") && message.user !== "")
                    writer.uint32(34).string(message.user);
                if (message.domain != null && $Object.hasOwnProperty.call(message, "domain") && message.domain !== "")
                    writer.uint32(42).string(message.domain);
                if (message.revision != null && $Object.hasOwnProperty.call(message, "revision") && message.revision !== "")
                    writer.uint32(50).string(message.revision);
                if (message.current != null && $Object.hasOwnProperty.call(message, "current") && message.current !== false)
                    writer.uint32(56).bool(message.current);
                if (message.lagMs != null && $Object.hasOwnProperty.call(message, "lagMs") && (typeof message.lagMs === "object" ? message.lagMs.low || message.lagMs.high : message.lagMs !== 0))
                    writer.uint32(64).int64(message.lagMs);
                if (message.lastContactMs != null && $Object.hasOwnProperty.call(message, "lastContactMs") && (typeof message.lastContactMs === "object" ? message.lastContactMs.low || message.lastContactMs.high : message.lastContactMs !== 0))
                    writer.uint32(72).int64(message.lastContactMs);
                if (message.connectedMs != null && $Object.hasOwnProperty.call(message, "connectedMs") && (typeof message.connectedMs === "object" ? message.connectedMs.low || message.connectedMs.high : message.connectedMs !== 0))
                    writer.uint32(80).int64(message.connectedMs);
                if (message.refusedRevision != null && $Object.hasOwnProperty.call(message, "refusedRevision") && message.refusedRevision !== "")
                    writer.uint32(90).string(message.refusedRevision);
                if (message.refusedCode != null && $Object.hasOwnProperty.call(message, "refusedCode") && message.refusedCode !== "")
                    writer.uint32(98).string(message.refusedCode);
                if (message.refusedMessage != null && $Object.hasOwnProperty.call(message, "refusedMessage") && message.refusedMessage !== "")
                    writer.uint32(106).string(message.refusedMessage);
                if (message.behind != null && $Object.hasOwnProperty.call(message, "behind") && message.behind !== false)
                    writer.uint32(112).bool(message.behind);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            SidecarState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sidegate.v1.SidecarState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.sidecar = value;
                            else
                                delete message.sidecar;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.peer = value;
                            else
                                delete message.peer;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.user = value;
                            else
                                delete message.user;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.domain = value;
                            else
                                delete message.domain;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.revision = value;
                            else
                                delete message.revision;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.current = value;
                            else
                                delete message.current;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = $Number(reader.int64())) === "object" ? value.low || value.high : value !== 0)
                                message.lagMs = value;
                            else
                                delete message.lagMs;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = $Number(reader.int64())) === "object" ? value.low || value.high : value !== 0)
                                message.lastContactMs = value;
                            else
                                delete message.lastContactMs;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = $Number(reader.int64())) === "object" ? value.low || value.high : value !== 0)
                                message.connectedMs = value;
                            else
                                delete message.connectedMs;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.refusedRevision = value;
                            else
                                delete message.refusedRevision;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.refusedCode = value;
                            else
                                delete message.refusedCode;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.refusedMessage = value;
                            else
                                delete message.refusedMessage;
                            continue;
                        }
                    case 14: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.behind = value;
                            else
                                delete message.behind;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return SidecarState;
        })();

        return v1;
    })();

    return sidegate;
})();

export {
  $root as default
};
export const ListSidecarsRequest = sidegate.v1.ListSidecarsRequest;
export const SidecarState = sidegate.v1.SidecarState;
