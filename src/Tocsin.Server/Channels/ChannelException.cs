namespace Tocsin.Server.Channels;

/// <summary>A try that failed, with the sentence that the operator reads; it holds no secret.</summary>
public sealed class ChannelException : Exception
{
    /// <summary>A failure without a reason.</summary>
    public ChannelException()
    {
    }

    /// <summary>A failure with its reason.</summary>
    public ChannelException(string message) : base(message)
    {
    }

    /// <summary>A failure with its reason and its cause.</summary>
    public ChannelException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
