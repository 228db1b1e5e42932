using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Tocsin.Tests.HouseRules;

/// <summary>One type's use of another, as the compiled assembly has it.</summary>
/// <param name="From">Full name of the outermost type that uses.</param>
/// <param name="To">Full name of the outermost type that is used.</param>
/// <param name="Member">The member used; empty where the type stands in a signature.</param>
internal readonly record struct Use(string From, string To, string Member);

/// <summary>Reads every use of a type or member from an assembly's metadata and method bodies: what is compiled, whatever
/// the source's using directives say. Constants are not seen: the compiler copies them.</summary>
internal sealed class MetadataUses
{
    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes).GetFields()
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    private readonly MetadataReader _reader;
    private readonly SortedSet<(string From, string To, string Member)> _uses = [];
    private readonly SignatureNames _names;
    private string _from = "";

    private MetadataUses(MetadataReader reader)
    {
        _reader = reader;
        _names = new SignatureNames(this);
    }

    /// <summary>All uses in the assembly, in a fixed order.</summary>
    public static IReadOnlyList<Use> Of(string assemblyPath)
    {
        using var pe = new PEReader(ImmutableArray.Create(File.ReadAllBytes(assemblyPath)));
        var uses = new MetadataUses(pe.GetMetadataReader());
        foreach (TypeDefinitionHandle handle in uses._reader.TypeDefinitions) uses.ReadType(handle, pe);
        return [.. uses._uses.Select(u => new Use(u.From, u.To, u.Member))];
    }

    private void ReadType(TypeDefinitionHandle handle, PEReader pe)
    {
        TypeDefinition type = _reader.GetTypeDefinition(handle);
        _from = OutermostName(handle);
        AddToken(type.BaseType);
        foreach (InterfaceImplementationHandle i in type.GetInterfaceImplementations())
            AddToken(_reader.GetInterfaceImplementation(i).Interface);
        AddConstraints(type.GetGenericParameters());
        foreach (FieldDefinitionHandle f in type.GetFields())
            _reader.GetFieldDefinition(f).DecodeSignature(_names, null);
        foreach (MethodDefinitionHandle m in type.GetMethods())
        {
            MethodDefinition method = _reader.GetMethodDefinition(m);
            method.DecodeSignature(_names, null);
            AddConstraints(method.GetGenericParameters());
            if (method.RelativeVirtualAddress != 0) ReadBody(pe.GetMethodBody(method.RelativeVirtualAddress));
        }
    }

    private void AddConstraints(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterHandle p in parameters)
            foreach (GenericParameterConstraintHandle c in _reader.GetGenericParameter(p).GetConstraints())
                AddToken(_reader.GetGenericParameterConstraint(c).Type);
    }

    private void ReadBody(MethodBodyBlock body)
    {
        if (!body.LocalSignature.IsNil) _reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_names, null);
        foreach (ExceptionRegion region in body.ExceptionRegions) AddToken(region.CatchType);
        BlobReader il = body.GetILReader();
        while (il.RemainingBytes > 0)
        {
            short code = il.ReadByte();
            if (code == 0xFE) code = (short)(0xFE00 | il.ReadByte());
            switch (s_opCodes[code].OperandType)
            {
                case OperandType.InlineNone: break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar: il.Offset += 1; break;
                case OperandType.InlineVar: il.Offset += 2; break;
                case OperandType.InlineI8 or OperandType.InlineR: il.Offset += 8; break;
                case OperandType.InlineSwitch:
                    int targets = il.ReadInt32();
                    il.Offset += 4 * targets;
                    break;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    AddToken(MetadataTokens.EntityHandle(il.ReadInt32()));
                    break;
                default: il.Offset += 4; break;
            }
        }
    }

    private void AddToken(EntityHandle handle)
    {
        if (handle.IsNil) return;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition or HandleKind.TypeReference:
                Add(OutermostName(handle), "");
                break;
            case HandleKind.TypeSpecification:
                _reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_names, null);
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification specification = _reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                specification.DecodeSignature(_names, null);
                AddToken(specification.Method);
                break;
            case HandleKind.MemberReference:
                MemberReference member = _reader.GetMemberReference((MemberReferenceHandle)handle);
                if (member.GetKind() == MemberReferenceKind.Method) member.DecodeMethodSignature(_names, null);
                else member.DecodeFieldSignature(_names, null);
                AddMember(member.Parent, _reader.GetString(member.Name));
                break;
            case HandleKind.MethodDefinition:
                MethodDefinition method = _reader.GetMethodDefinition((MethodDefinitionHandle)handle);
                AddMember(method.GetDeclaringType(), _reader.GetString(method.Name));
                break;
            case HandleKind.FieldDefinition:
                FieldDefinition field = _reader.GetFieldDefinition((FieldDefinitionHandle)handle);
                AddMember(field.GetDeclaringType(), _reader.GetString(field.Name));
                break;
        }
    }

    private void AddMember(EntityHandle parent, string member)
    {
        AddToken(parent);
        if (parent.Kind is HandleKind.TypeDefinition or HandleKind.TypeReference) Add(OutermostName(parent), member);
        else if (parent.Kind == HandleKind.TypeSpecification)
            Add(_reader.GetTypeSpecification((TypeSpecificationHandle)parent).DecodeSignature(_names, null), member);
    }

    private void Add(string to, string member)
    {
        if (to.Length > 0 && to != _from) _uses.Add((_from, to, member));
    }

    private string OutermostName(EntityHandle handle)
    {
        if (handle.Kind == HandleKind.TypeDefinition)
        {
            TypeDefinition type = _reader.GetTypeDefinition((TypeDefinitionHandle)handle);
            TypeDefinitionHandle outer = type.GetDeclaringType();
            return outer.IsNil ? FullName(type.Namespace, type.Name) : OutermostName(outer);
        }
        TypeReference reference = _reader.GetTypeReference((TypeReferenceHandle)handle);
        return reference.ResolutionScope.Kind == HandleKind.TypeReference
            ? OutermostName(reference.ResolutionScope)
            : FullName(reference.Namespace, reference.Name);
    }

    private string FullName(StringHandle space, StringHandle name) =>
        space.IsNil ? _reader.GetString(name) : _reader.GetString(space) + "." + _reader.GetString(name);

    /// <summary>Notes every type that stands in a signature, and gives the name of the outermost of them.</summary>
    private sealed class SignatureNames(MetadataUses uses) : ISignatureTypeProvider<string, object?>
    {
        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => Noted(handle);
        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => Noted(handle);

        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public string GetFunctionPointerType(MethodSignature<string> signature) => "";
        public string GetGenericMethodParameter(object? genericContext, int index) => "";
        public string GetGenericTypeParameter(object? genericContext, int index) => "";
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "System." + typeCode;
        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;
        public string GetArrayType(string elementType, ArrayShape shape) => elementType;
        public string GetByReferenceType(string elementType) => elementType;
        public string GetPointerType(string elementType) => elementType;
        public string GetSZArrayType(string elementType) => elementType;
        public string GetPinnedType(string elementType) => elementType;
        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        private string Noted(EntityHandle handle)
        {
            string name = uses.OutermostName(handle);
            uses.Add(name, "");
            return name;
        }
    }
}
