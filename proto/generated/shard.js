/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $Number = $util.global.Number, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

const $root = $protobuf.roots["sidegate-shard"] || ($protobuf.roots["sidegate-shard"] = {});

export const sidegate = $root.sidegate = (() => {

    const sidegate = {};

    sidegate.v1 = (function() {

        const v1 = {};

        v1.Shard = (function() {

            const Shard = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Shard.prototype.format = 0;
            Shard.prototype.model = null;
            Shard.prototype.grants = null;
            Shard.prototype.directory = null;
            Shard.prototype.subjects = null;

            let $oneOfFields;

            $Object.defineProperty(Shard.prototype, "body", {
                get: $util.oneOfGetter($oneOfFields = ["model", "grants", "directory", "subjects"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Shard.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.format != null && $Object.hasOwnProperty.call(message, "format") && message.format !== 0)
                    writer.uint32(8).uint32(message.format);
                if (message.model != null && $Object.hasOwnProperty.call(message, "model"))
                    $root.sidegate.v1.ModelShard.encode(message.model, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.grants != null && $Object.hasOwnProperty.call(message, "grants"))
                    $root.sidegate.v1.GrantShard.encode(message.grants, writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.directory != null && $Object.hasOwnProperty.call(message, "directory"))
                    $root.sidegate.v1.DirectoryShard.encode(message.directory, writer.uint32(34).fork(), _depth + 1).ldelim();
                if (message.subjects != null && $Object.hasOwnProperty.call(message, "subjects"))
                    $root.sidegate.v1.SubjectShard.encode(message.subjects, writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Shard.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.sidegate.v1.Shard();
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
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.format = value;
                            else
                                delete message.format;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.model = $root.sidegate.v1.ModelShard.decode(reader, reader.size(), $undefined, _depth + 1, message.model);
                            message.body = "model";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.grants = $root.sidegate.v1.GrantShard.decode(reader, reader.size(), $undefined, _depth + 1, message.grants);
                            message.body = "grants";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.directory = $root.sidegate.v1.DirectoryShard.decode(reader, reader.size(), $undefined, _depth + 1, message.directory);
                            message.body = "directory";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.subjects = $root.sidegate.v1.SubjectShard.decode(reader, reader.size(), $undefined, _depth + 1, message.subjects);
                            message.body = "subjects";
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

            return Shard;
        })();

        v1.Strings = (function() {

            const Strings = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Strings.prototype.pool = $util.newBuffer([]);
            Strings.prototype.ends = $util.newBuffer([]);

            Strings.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.pool != null && $Object.hasOwnProperty.call(message, "pool") && message.pool.length)
                    writer.uint32(10).bytes(message.pool);
                if (message.ends != null && $Object.hasOwnProperty.call(message, "ends") && message.ends.length)
                    writer.uint32(18).bytes(message.ends);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Strings.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.sidegate.v1.Strings();
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
                            if ((value = reader.bytes()).length)
                                message.pool = value;
                            else
                                delete message.pool;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.ends = value;
                            else
                                delete message.ends;
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

            return Strings;
        })();

        v1.ModelShard = (function() {

            const ModelShard = function (properties) {
                this.types = [];
                this.roles = [];
                this.constraints = [];
                this.tokenPolicies = [];
                this.defaults = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ModelShard.prototype.membershipOptional = false;
            ModelShard.prototype.stalenessMaxSeconds = 0;
            ModelShard.prototype.staleIsError = false;
            ModelShard.prototype.types = $util.emptyArray;
            ModelShard.prototype.roles = $util.emptyArray;
            ModelShard.prototype.constraints = $util.emptyArray;
            ModelShard.prototype.tokenPolicies = $util.emptyArray;
            ModelShard.prototype.defaults = $util.emptyArray;

            ModelShard.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.membershipOptional != null && $Object.hasOwnProperty.call(message, "membershipOptional") && message.membershipOptional !== false)
                    writer.uint32(8).bool(message.membershipOptional);
                if (message.stalenessMaxSeconds != null && $Object.hasOwnProperty.call(message, "stalenessMaxSeconds") && message.stalenessMaxSeconds !== 0)
                    writer.uint32(16).uint32(message.stalenessMaxSeconds);
                if (message.staleIsError != null && $Object.hasOwnProperty.call(message, "staleIsError") && message.staleIsError !== false)
                    writer.uint32(24).bool(message.staleIsError);
                if (message.types != null && message.types.length)
                    for (let i = 0; i < message.types.length; ++i)
                        $root.sidegate.v1.CompiledType.encode(message.types[i], writer.uint32(34).fork(), _depth + 1).ldelim();
                if (message.roles != null && message.roles.length)
                    for (let i = 0; i < message.roles.length; ++i)
                        $root.sidegate.v1.CompiledRole.encode(message.roles[i], writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.constraints != null && message.constraints.length)
                    for (let i = 0; i < message.constraints.length; ++i)
                        $root.sidegate.v1.CompiledConstraint.encode(message.constraints[i], writer.uint32(50).fork(), _depth + 1).ldelim();
                if (message.tokenPolicies != null && message.tokenPolicies.length)
                    for (let i = 0; i < message.tokenPolicies.length; ++i)
                        $root.sidegate.v1.CompiledTokenPolicy.encode(message.tokenPolicies[i], writer.uint32(58).fork(), _depth + 1).ldelim();
                if (message.defaults != null && message.defaults.length)
                    for (let i = 0; i < message.defaults.length; ++i)
                        $root.sidegate.v1.CompiledDefault.encode(message.defaults[i], writer.uint32(66).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ModelShard.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.sidegate.v1.ModelShard();
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
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.membershipOptional = value;
                            else
                                delete message.membershipOptional;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.stalenessMaxSeconds = value;
                            else
                                delete message.stalenessMaxSeconds;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.staleIsError = value;
                            else
                                delete message.staleIsError;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.types && message.types.length))
                                message.types = [];
                            message.types.push($root.sidegate.v1.CompiledType.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.roles && message.roles.length))
                                message.roles = [];
                            message.roles.push($root.sidegate.v1.CompiledRole.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.constraints && message.constraints.length))
                                message.constraints = [];
                            message.constraints.push($root.sidegate.v1.CompiledConstraint.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if (!(message.tokenPolicies && message.tokenPolicies.length))
                                message.tokenPolicies = [];
                            message.tokenPolicies.push($root.sidegate.v1.CompiledTokenPolicy.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if (!(message.defaults && message.defaults.length))
                                message.defaults = [];
                            message.defaults.push($root.sidegate.v1.CompiledDefault.decode(reader, reader.size(), $undefined, _depth + 1));
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

            return ModelShard;
        })();

        v1.CompiledDefault = (function() {

            const CompiledDefault = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            CompiledDefault.prototype.role = 0;
            CompiledDefault.prototype.type = "";

            CompiledDefault.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.role != null && $Object.hasOwnProperty.call(message, "role") && message.role !== 0)
                    writer.uint32(8).uint32(message.role);
                if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== "")
                    writer.uint32(18).string(message.type);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            CompiledDefault.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.sidegate.v1.CompiledDefault();
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
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.role = value;
                            else
                                delete message.role;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.type = value;
                            else
                                delete message.type;
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

            return CompiledDefault;
        })();

        v1.CompiledType = (function() {

            const CompiledType = function (properties) {
                this.verbs = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            CompiledType.prototype.name = "";
            CompiledType.prototype.level = 0;
            CompiledType.prototype.verbs = $util.emptyArray;

            CompiledType.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(10).string(message.name);
                if (message.level != null && $Object.hasOwnProperty.call(message, "level") && message.level !== 0)
                    writer.uint32(16).uint32(message.level);
                if (message.verbs != null && message.verbs.length)
                    for (let i = 0; i < message.verbs.length; ++i)
                        $root.sidegate.v1.CompiledVerb.encode(message.verbs[i], writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            CompiledType.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.sidegate.v1.CompiledType();
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
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.level = value;
                            else
                                delete message.level;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.verbs && message.verbs.length))
                                message.verbs = [];
                            message.verbs.push($root.sidegate.v1.CompiledVerb.decode(reader, reader.size(), $undefined, _depth + 1));
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

            return CompiledType;
        })();

        v1.CompiledVerb = (function() {

            const CompiledVerb = function (properties) {
                this.implies = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            CompiledVerb.prototype.name = "";
            CompiledVerb.prototype.implies = $util.emptyArray;

            CompiledVerb.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(10).string(message.name);
                if (message.implies != null && message.implies.length)
                    writer.uint32(18).uint32s(message.implies);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            CompiledVerb.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.sidegate.v1.CompiledVerb();
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
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.implies && message.implies.length))
                                    message.implies = [];
                                reader.uint32s(message.implies);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.implies && message.implies.length))
                                message.implies = [];
                            message.implies.push(reader.uint32());
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

            return CompiledVerb;
        })();

        v1.CompiledRole = (function() {

            const CompiledRole = function (properties) {
                this.rules = [];
                this.includes = [];
                this.delegations = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            CompiledRole.prototype.name = "";
            CompiledRole.prototype.organization = "";
            CompiledRole.prototype.assignable = 0;
            CompiledRole.prototype.rules = $util.emptyArray;
            CompiledRole.prototype.includes = $util.emptyArray;
            CompiledRole.prototype.delegations = $util.emptyArray;
            CompiledRole.prototype.generation = 0;
            CompiledRole.prototype.provenance = "";

            CompiledRole.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(10).string(message.name);
                if (message.organization != null && $Object.hasOwnProperty.call(message, "organization") && message.organization !== "")
                    writer.uint32(18).string(message.organization);
                if (message.assignable != null && $Object.hasOwnProperty.call(message, "assignable") && message.assignable !== 0)
                    writer.uint32(24).uint32(message.assignable);
                if (message.rules != null && message.rules.length)
                    for (let i = 0; i < message.rules.length; ++i)
                        $root.sidegate.v1.CompiledRule.encode(message.rules[i], writer.uint32(34).fork(), _depth + 1).ldelim();
                if (message.includes != null && message.includes.length)
                    writer.uint32(42).uint32s(message.includes);
                if (message.delegations != null && message.delegations.length)
                    for (let i = 0; i < message.delegations.length; ++i)
                        $root.sidegate.v1.CompiledDelegation.encode(message.delegations[i], writer.uint32(50).fork(), _depth + 1).ldelim();
                if (message.generation != null && $Object.hasOwnProperty.call(message, "generation") && (typeof message.generation === "object" ? message.generation.low || message.generation.high : message.generation !== 0))
                    writer.uint32(56).int64(message.generation);
                if (message.provenance != null && $Object.hasOwnProperty.call(message, "provenance") && message.provenance !== "")
                    writer.uint32(66).string(message.provenance);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            CompiledRole.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.sidegate.v1.CompiledRole();
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
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.organization = value;
                            else
                                delete message.organization;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.assignable = value;
                            else
                                delete message.assignable;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.rules && message.rules.length))
                                message.rules = [];
                            message.rules.push($root.sidegate.v1.CompiledRule.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 5: {
                            if (wireType === 2) {
                                if (!(message.includes && message.includes.length))
                                    message.includes = [];
                                reader.uint32s(message.includes);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.includes && message.includes.length))
                                message.includes = [];
                            message.includes.push(reader.uint32());
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.delegations && message.delegations.length))
                                message.delegations = [];
                            message.delegations.push($root.sidegate.v1.CompiledDelegation.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = $Number(reader.int64())) === "object" ? value.low || value.high : value !== 0)
                                message.generation = value;
                            else
                                delete message.generation;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.provenance = value;
                            else
                                delete message.provenance;
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

            return CompiledRole;
        })();

        v1.CompiledDelegation = (function() {

            const CompiledDelegation = function (properties) {
                this.roles = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            CompiledDelegation.prototype.roles = $util.emptyArray;
            CompiledDelegation.prototype.levels = 0;
            CompiledDelegation.prototype.give = false;
            CompiledDelegation.prototype.take = false;

            CompiledDelegation.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.roles != null && message.roles.length)
                    writer.uint32(10).uint32s(message.roles);
                if (message.levels != null && $Object.hasOwnProperty.call(message, "levels") && message.levels !== 0)
                    writer.uint32(16).uint32(message.levels);
                if (message.give != null && $Object.hasOwnProperty.call(message, "give") && message.give !== false)
                    writer.uint32(24).bool(message.give);
                if (message.take != null && $Object.hasOwnProperty.call(message, "take") && message.take !== false)
                    writer.uint32(32).bool(message.take);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            CompiledDelegation.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.sidegate.v1.CompiledDelegation();
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
                            if (wireType === 2) {
                                if (!(message.roles && message.roles.length))
                                    message.roles = [];
                                reader.uint32s(message.roles);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.roles && message.roles.length))
                                message.roles = [];
                            message.roles.push(reader.uint32());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.levels = value;
                            else
                                delete message.levels;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.give = value;
                            else
                                delete message.give;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.take = value;
                            else
                                delete message.take;
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

            return CompiledDelegation;
        })();

        v1.CompiledConstraint = (function() {

            const CompiledConstraint = function (properties) {
                this.roles = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            CompiledConstraint.prototype.name = "";
            CompiledConstraint.prototype.kind = 0;
            CompiledConstraint.prototype.roles = $util.emptyArray;
            CompiledConstraint.prototype.atMost = 0;
            CompiledConstraint.prototype.perOrganization = false;
            CompiledConstraint.prototype.count = 0;
            CompiledConstraint.prototype.level = 0;

            CompiledConstraint.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(10).string(message.name);
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                    writer.uint32(16).uint32(message.kind);
                if (message.roles != null && message.roles.length)
                    writer.uint32(26).uint32s(message.roles);
                if (message.atMost != null && $Object.hasOwnProperty.call(message, "atMost") && message.atMost !== 0)
                    writer.uint32(32).uint32(message.atMost);
                if (message.perOrganization != null && $Object.hasOwnProperty.call(message, "perOrganization") && message.perOrganization !== false)
                    writer.uint32(40).bool(message.perOrganization);
                if (message.count != null && $Object.hasOwnProperty.call(message, "count") && message.count !== 0)
                    writer.uint32(48).uint32(message.count);
                if (message.level != null && $Object.hasOwnProperty.call(message, "level") && message.level !== 0)
                    writer.uint32(56).uint32(message.level);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            CompiledConstraint.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.sidegate.v1.CompiledConstraint();
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
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 3: {
                            if (wireType === 2) {
                                if (!(message.roles && message.roles.length))
                                    message.roles = [];
                                reader.uint32s(message.roles);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.roles && message.roles.length))
                                message.roles = [];
                            message.roles.push(reader.uint32());
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.atMost = value;
                            else
                                delete message.atMost;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.perOrganization = value;
                            else
                                delete message.perOrganization;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.count = value;
                            else
                                delete message.count;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.level = value;
                            else
                                delete message.level;
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

            return CompiledConstraint;
        })();

        v1.CompiledTokenPolicy = (function() {

            const CompiledTokenPolicy = function (properties) {
                this.audiences = [];
                this.selectors = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            CompiledTokenPolicy.prototype.name = "";
            CompiledTokenPolicy.prototype.issuer = "";
            CompiledTokenPolicy.prototype.audiences = $util.emptyArray;
            CompiledTokenPolicy.prototype.jwks = "";
            CompiledTokenPolicy.prototype.subjectClaim = "";
            CompiledTokenPolicy.prototype.claim = "";
            CompiledTokenPolicy.prototype.selectors = $util.emptyArray;
            CompiledTokenPolicy.prototype.absentAllows = false;
            CompiledTokenPolicy.prototype.unmatchedAllows = false;

            CompiledTokenPolicy.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(10).string(message.name);
                if (message.issuer != null && $Object.hasOwnProperty.call(message, "issuer") && message.issuer !== "")
                    writer.uint32(18).string(message.issuer);
                if (message.audiences != null && message.audiences.length)
                    for (let i = 0; i < message.audiences.length; ++i)
                        writer.uint32(26).string(message.audiences[i]);
                if (message.jwks != null && $Object.hasOwnProperty.call(message, "jwks") && message.jwks !== "")
                    writer.uint32(34).string(message.jwks);
                if (message.subjectClaim != null && $Object.hasOwnProperty.call(message, "subjectClaim") && message.subjectClaim !== "")
                    writer.uint32(42).string(message.subjectClaim);
                if (message.claim != null && $Object.hasOwnProperty.call(message, "claim") && message.claim !== "")
                    writer.uint32(50).string(message.claim);
                if (message.selectors != null && message.selectors.length)
                    for (let i = 0; i < message.selectors.length; ++i)
                        $root.sidegate.v1.CompiledSelector.encode(message.selectors[i], writer.uint32(58).fork(), _depth + 1).ldelim();
                if (message.absentAllows != null && $Object.hasOwnProperty.call(message, "absentAllows") && message.absentAllows !== false)
                    writer.uint32(64).bool(message.absentAllows);
                if (message.unmatchedAllows != null && $Object.hasOwnProperty.call(message, "unmatchedAllows") && message.unmatchedAllows !== false)
                    writer.uint32(72).bool(message.unmatchedAllows);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            CompiledTokenPolicy.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.sidegate.v1.CompiledTokenPolicy();
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
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.issuer = value;
                            else
                                delete message.issuer;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.audiences && message.audiences.length))
                                message.audiences = [];
                            message.audiences.push(reader.stringVerify());
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.jwks = value;
                            else
                                delete message.jwks;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.subjectClaim = value;
                            else
                                delete message.subjectClaim;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.claim = value;
                            else
                                delete message.claim;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if (!(message.selectors && message.selectors.length))
                                message.selectors = [];
                            message.selectors.push($root.sidegate.v1.CompiledSelector.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.absentAllows = value;
                            else
                                delete message.absentAllows;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.unmatchedAllows = value;
                            else
                                delete message.unmatchedAllows;
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

            return CompiledTokenPolicy;
        })();

        v1.CompiledSelector = (function() {

            const CompiledSelector = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            CompiledSelector.prototype.pattern = "";
            CompiledSelector.prototype.attribute = "";

            CompiledSelector.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.pattern != null && $Object.hasOwnProperty.call(message, "pattern") && message.pattern !== "")
                    writer.uint32(10).string(message.pattern);
                if (message.attribute != null && $Object.hasOwnProperty.call(message, "attribute") && message.attribute !== "")
                    writer.uint32(18).string(message.attribute);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            CompiledSelector.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.sidegate.v1.CompiledSelector();
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
                                message.pattern = value;
                            else
                                delete message.pattern;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.attribute = value;
                            else
                                delete message.attribute;
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

            return CompiledSelector;
        })();

        v1.CompiledRule = (function() {

            const CompiledRule = function (properties) {
                this.resources = [];
                this.verbs = [];
                this.names = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            CompiledRule.prototype.deny = false;
            CompiledRule.prototype.resources = $util.emptyArray;
            CompiledRule.prototype.verbs = $util.emptyArray;
            CompiledRule.prototype.names = $util.emptyArray;
            CompiledRule.prototype.when = "";

            CompiledRule.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.deny != null && $Object.hasOwnProperty.call(message, "deny") && message.deny !== false)
                    writer.uint32(8).bool(message.deny);
                if (message.resources != null && message.resources.length)
                    for (let i = 0; i < message.resources.length; ++i)
                        writer.uint32(18).string(message.resources[i]);
                if (message.verbs != null && message.verbs.length)
                    for (let i = 0; i < message.verbs.length; ++i)
                        writer.uint32(26).string(message.verbs[i]);
                if (message.names != null && message.names.length)
                    for (let i = 0; i < message.names.length; ++i)
                        writer.uint32(34).string(message.names[i]);
                if (message.when != null && $Object.hasOwnProperty.call(message, "when") && message.when !== "")
                    writer.uint32(42).string(message.when);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            CompiledRule.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.sidegate.v1.CompiledRule();
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
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.deny = value;
                            else
                                delete message.deny;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.resources && message.resources.length))
                                message.resources = [];
                            message.resources.push(reader.stringVerify());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.verbs && message.verbs.length))
                                message.verbs = [];
                            message.verbs.push(reader.stringVerify());
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.names && message.names.length))
                                message.names = [];
                            message.names.push(reader.stringVerify());
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.when = value;
                            else
                                delete message.when;
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

            return CompiledRule;
        })();

        v1.GrantShard = (function() {

            const GrantShard = function (properties) {
                this.attributeSets = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            GrantShard.prototype.organization = "";
            GrantShard.prototype.suspended = false;
            GrantShard.prototype.scopeKeys = null;
            GrantShard.prototype.scopeParent = $util.newBuffer([]);
            GrantShard.prototype.bindingNames = null;
            GrantShard.prototype.roleNames = null;
            GrantShard.prototype.bindingRole = $util.newBuffer([]);
            GrantShard.prototype.bindingScope = $util.newBuffer([]);
            GrantShard.prototype.bindingWindow = $util.newBuffer([]);
            GrantShard.prototype.bindingWhen = $util.newBuffer([]);
            GrantShard.prototype.bindingFlags = $util.newBuffer([]);
            GrantShard.prototype.windows = $util.newBuffer([]);
            GrantShard.prototype.conditions = null;
            GrantShard.prototype.subjectKeys = null;
            GrantShard.prototype.subjectGrantEnds = $util.newBuffer([]);
            GrantShard.prototype.grantBinding = $util.newBuffer([]);
            GrantShard.prototype.subjectMember = $util.newBuffer([]);
            GrantShard.prototype.scopeType = $util.newBuffer([]);
            GrantShard.prototype.types = null;
            GrantShard.prototype.scopeAttributes = $util.newBuffer([]);
            GrantShard.prototype.memberAttributes = $util.newBuffer([]);
            GrantShard.prototype.attributeSets = $util.emptyArray;
            GrantShard.prototype.bindingGeneration = $util.newBuffer([]);
            GrantShard.prototype.bindingProvenance = $util.newBuffer([]);
            GrantShard.prototype.provenances = null;

            GrantShard.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.organization != null && $Object.hasOwnProperty.call(message, "organization") && message.organization !== "")
                    writer.uint32(10).string(message.organization);
                if (message.suspended != null && $Object.hasOwnProperty.call(message, "suspended") && message.suspended !== false)
                    writer.uint32(16).bool(message.suspended);
                if (message.scopeKeys != null && $Object.hasOwnProperty.call(message, "scopeKeys"))
                    $root.sidegate.v1.Strings.encode(message.scopeKeys, writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.scopeParent != null && $Object.hasOwnProperty.call(message, "scopeParent") && message.scopeParent.length)
                    writer.uint32(34).bytes(message.scopeParent);
                if (message.bindingNames != null && $Object.hasOwnProperty.call(message, "bindingNames"))
                    $root.sidegate.v1.Strings.encode(message.bindingNames, writer.uint32(58).fork(), _depth + 1).ldelim();
                if (message.roleNames != null && $Object.hasOwnProperty.call(message, "roleNames"))
                    $root.sidegate.v1.Strings.encode(message.roleNames, writer.uint32(66).fork(), _depth + 1).ldelim();
                if (message.bindingRole != null && $Object.hasOwnProperty.call(message, "bindingRole") && message.bindingRole.length)
                    writer.uint32(74).bytes(message.bindingRole);
                if (message.bindingScope != null && $Object.hasOwnProperty.call(message, "bindingScope") && message.bindingScope.length)
                    writer.uint32(82).bytes(message.bindingScope);
                if (message.bindingWindow != null && $Object.hasOwnProperty.call(message, "bindingWindow") && message.bindingWindow.length)
                    writer.uint32(90).bytes(message.bindingWindow);
                if (message.bindingWhen != null && $Object.hasOwnProperty.call(message, "bindingWhen") && message.bindingWhen.length)
                    writer.uint32(98).bytes(message.bindingWhen);
                if (message.bindingFlags != null && $Object.hasOwnProperty.call(message, "bindingFlags") && message.bindingFlags.length)
                    writer.uint32(106).bytes(message.bindingFlags);
                if (message.windows != null && $Object.hasOwnProperty.call(message, "windows") && message.windows.length)
                    writer.uint32(114).bytes(message.windows);
                if (message.conditions != null && $Object.hasOwnProperty.call(message, "conditions"))
                    $root.sidegate.v1.Strings.encode(message.conditions, writer.uint32(122).fork(), _depth + 1).ldelim();
                if (message.subjectKeys != null && $Object.hasOwnProperty.call(message, "subjectKeys"))
                    $root.sidegate.v1.Strings.encode(message.subjectKeys, writer.uint32(130).fork(), _depth + 1).ldelim();
                if (message.subjectGrantEnds != null && $Object.hasOwnProperty.call(message, "subjectGrantEnds") && message.subjectGrantEnds.length)
                    writer.uint32(138).bytes(message.subjectGrantEnds);
                if (message.grantBinding != null && $Object.hasOwnProperty.call(message, "grantBinding") && message.grantBinding.length)
                    writer.uint32(146).bytes(message.grantBinding);
                if (message.subjectMember != null && $Object.hasOwnProperty.call(message, "subjectMember") && message.subjectMember.length)
                    writer.uint32(154).bytes(message.subjectMember);
                if (message.scopeType != null && $Object.hasOwnProperty.call(message, "scopeType") && message.scopeType.length)
                    writer.uint32(162).bytes(message.scopeType);
                if (message.types != null && $Object.hasOwnProperty.call(message, "types"))
                    $root.sidegate.v1.Strings.encode(message.types, writer.uint32(170).fork(), _depth + 1).ldelim();
                if (message.scopeAttributes != null && $Object.hasOwnProperty.call(message, "scopeAttributes") && message.scopeAttributes.length)
                    writer.uint32(178).bytes(message.scopeAttributes);
                if (message.memberAttributes != null && $Object.hasOwnProperty.call(message, "memberAttributes") && message.memberAttributes.length)
                    writer.uint32(186).bytes(message.memberAttributes);
                if (message.attributeSets != null && message.attributeSets.length)
                    for (let i = 0; i < message.attributeSets.length; ++i)
                        $root.sidegate.v1.Attributes.encode(message.attributeSets[i], writer.uint32(194).fork(), _depth + 1).ldelim();
                if (message.bindingGeneration != null && $Object.hasOwnProperty.call(message, "bindingGeneration") && message.bindingGeneration.length)
                    writer.uint32(202).bytes(message.bindingGeneration);
                if (message.bindingProvenance != null && $Object.hasOwnProperty.call(message, "bindingProvenance") && message.bindingProvenance.length)
                    writer.uint32(210).bytes(message.bindingProvenance);
                if (message.provenances != null && $Object.hasOwnProperty.call(message, "provenances"))
                    $root.sidegate.v1.Strings.encode(message.provenances, writer.uint32(218).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            GrantShard.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.sidegate.v1.GrantShard();
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
                                message.organization = value;
                            else
                                delete message.organization;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.suspended = value;
                            else
                                delete message.suspended;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.scopeKeys = $root.sidegate.v1.Strings.decode(reader, reader.size(), $undefined, _depth + 1, message.scopeKeys);
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.scopeParent = value;
                            else
                                delete message.scopeParent;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.bindingNames = $root.sidegate.v1.Strings.decode(reader, reader.size(), $undefined, _depth + 1, message.bindingNames);
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.roleNames = $root.sidegate.v1.Strings.decode(reader, reader.size(), $undefined, _depth + 1, message.roleNames);
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.bindingRole = value;
                            else
                                delete message.bindingRole;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.bindingScope = value;
                            else
                                delete message.bindingScope;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.bindingWindow = value;
                            else
                                delete message.bindingWindow;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.bindingWhen = value;
                            else
                                delete message.bindingWhen;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.bindingFlags = value;
                            else
                                delete message.bindingFlags;
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.windows = value;
                            else
                                delete message.windows;
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            message.conditions = $root.sidegate.v1.Strings.decode(reader, reader.size(), $undefined, _depth + 1, message.conditions);
                            continue;
                        }
                    case 16: {
                            if (wireType !== 2)
                                break;
                            message.subjectKeys = $root.sidegate.v1.Strings.decode(reader, reader.size(), $undefined, _depth + 1, message.subjectKeys);
                            continue;
                        }
                    case 17: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.subjectGrantEnds = value;
                            else
                                delete message.subjectGrantEnds;
                            continue;
                        }
                    case 18: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.grantBinding = value;
                            else
                                delete message.grantBinding;
                            continue;
                        }
                    case 19: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.subjectMember = value;
                            else
                                delete message.subjectMember;
                            continue;
                        }
                    case 20: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.scopeType = value;
                            else
                                delete message.scopeType;
                            continue;
                        }
                    case 21: {
                            if (wireType !== 2)
                                break;
                            message.types = $root.sidegate.v1.Strings.decode(reader, reader.size(), $undefined, _depth + 1, message.types);
                            continue;
                        }
                    case 22: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.scopeAttributes = value;
                            else
                                delete message.scopeAttributes;
                            continue;
                        }
                    case 23: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.memberAttributes = value;
                            else
                                delete message.memberAttributes;
                            continue;
                        }
                    case 24: {
                            if (wireType !== 2)
                                break;
                            if (!(message.attributeSets && message.attributeSets.length))
                                message.attributeSets = [];
                            message.attributeSets.push($root.sidegate.v1.Attributes.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 25: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.bindingGeneration = value;
                            else
                                delete message.bindingGeneration;
                            continue;
                        }
                    case 26: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.bindingProvenance = value;
                            else
                                delete message.bindingProvenance;
                            continue;
                        }
                    case 27: {
                            if (wireType !== 2)
                                break;
                            message.provenances = $root.sidegate.v1.Strings.decode(reader, reader.size(), $undefined, _depth + 1, message.provenances);
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

            return GrantShard;
        })();

        v1.Attributes = (function() {

            const Attributes = function (properties) {
                this.keys = [];
                this.values = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Attributes.prototype.keys = $util.emptyArray;
            Attributes.prototype.values = $util.emptyArray;

            Attributes.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.keys != null && message.keys.length)
                    for (let i = 0; i < message.keys.length; ++i)
                        writer.uint32(10).string(message.keys[i]);
                if (message.values != null && message.values.length)
                    for (let i = 0; i < message.values.length; ++i)
                        writer.uint32(18).string(message.values[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Attributes.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sidegate.v1.Attributes();
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
                            if (!(message.keys && message.keys.length))
                                message.keys = [];
                            message.keys.push(reader.stringVerify());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.values && message.values.length))
                                message.values = [];
                            message.values.push(reader.stringVerify());
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

            return Attributes;
        })();

        v1.DirectoryShard = (function() {

            const DirectoryShard = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            DirectoryShard.prototype.scopeKeys = null;
            DirectoryShard.prototype.organizations = null;
            DirectoryShard.prototype.scopeOrganization = $util.newBuffer([]);

            DirectoryShard.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.scopeKeys != null && $Object.hasOwnProperty.call(message, "scopeKeys"))
                    $root.sidegate.v1.Strings.encode(message.scopeKeys, writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.organizations != null && $Object.hasOwnProperty.call(message, "organizations"))
                    $root.sidegate.v1.Strings.encode(message.organizations, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.scopeOrganization != null && $Object.hasOwnProperty.call(message, "scopeOrganization") && message.scopeOrganization.length)
                    writer.uint32(26).bytes(message.scopeOrganization);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            DirectoryShard.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.sidegate.v1.DirectoryShard();
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
                            message.scopeKeys = $root.sidegate.v1.Strings.decode(reader, reader.size(), $undefined, _depth + 1, message.scopeKeys);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.organizations = $root.sidegate.v1.Strings.decode(reader, reader.size(), $undefined, _depth + 1, message.organizations);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.scopeOrganization = value;
                            else
                                delete message.scopeOrganization;
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

            return DirectoryShard;
        })();

        v1.SubjectShard = (function() {

            const SubjectShard = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            SubjectShard.prototype.memberKeys = null;
            SubjectShard.prototype.memberGroupEnds = $util.newBuffer([]);
            SubjectShard.prototype.memberGroup = $util.newBuffer([]);
            SubjectShard.prototype.groupNames = null;
            SubjectShard.prototype.organizations = null;
            SubjectShard.prototype.groupOrganization = $util.newBuffer([]);

            SubjectShard.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.memberKeys != null && $Object.hasOwnProperty.call(message, "memberKeys"))
                    $root.sidegate.v1.Strings.encode(message.memberKeys, writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.memberGroupEnds != null && $Object.hasOwnProperty.call(message, "memberGroupEnds") && message.memberGroupEnds.length)
                    writer.uint32(18).bytes(message.memberGroupEnds);
                if (message.memberGroup != null && $Object.hasOwnProperty.call(message, "memberGroup") && message.memberGroup.length)
                    writer.uint32(26).bytes(message.memberGroup);
                if (message.groupNames != null && $Object.hasOwnProperty.call(message, "groupNames"))
                    $root.sidegate.v1.Strings.encode(message.groupNames, writer.uint32(34).fork(), _depth + 1).ldelim();
                if (message.organizations != null && $Object.hasOwnProperty.call(message, "organizations"))
                    $root.sidegate.v1.Strings.encode(message.organizations, writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.groupOrganization != null && $Object.hasOwnProperty.call(message, "groupOrganization") && message.groupOrganization.length)
                    writer.uint32(50).bytes(message.groupOrganization);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            SubjectShard.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.sidegate.v1.SubjectShard();
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
                            message.memberKeys = $root.sidegate.v1.Strings.decode(reader, reader.size(), $undefined, _depth + 1, message.memberKeys);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.memberGroupEnds = value;
                            else
                                delete message.memberGroupEnds;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.memberGroup = value;
                            else
                                delete message.memberGroup;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.groupNames = $root.sidegate.v1.Strings.decode(reader, reader.size(), $undefined, _depth + 1, message.groupNames);
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.organizations = $root.sidegate.v1.Strings.decode(reader, reader.size(), $undefined, _depth + 1, message.organizations);
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.groupOrganization = value;
                            else
                                delete message.groupOrganization;
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

            return SubjectShard;
        })();

        return v1;
    })();

    return sidegate;
})();

export {
  $root as default
};
export const Shard = sidegate.v1.Shard;
export const Strings = sidegate.v1.Strings;
export const ModelShard = sidegate.v1.ModelShard;
export const CompiledDefault = sidegate.v1.CompiledDefault;
export const CompiledType = sidegate.v1.CompiledType;
export const CompiledVerb = sidegate.v1.CompiledVerb;
export const CompiledRole = sidegate.v1.CompiledRole;
export const CompiledDelegation = sidegate.v1.CompiledDelegation;
export const CompiledConstraint = sidegate.v1.CompiledConstraint;
export const CompiledTokenPolicy = sidegate.v1.CompiledTokenPolicy;
export const CompiledSelector = sidegate.v1.CompiledSelector;
export const CompiledRule = sidegate.v1.CompiledRule;
export const GrantShard = sidegate.v1.GrantShard;
export const Attributes = sidegate.v1.Attributes;
export const DirectoryShard = sidegate.v1.DirectoryShard;
export const SubjectShard = sidegate.v1.SubjectShard;
