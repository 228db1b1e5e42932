using Microsoft.AspNetCore.Http;

namespace Tocsin.Server.Access;

/// <summary>What is wrong, as the protocol says it.</summary>
/// <param name="Title">What is wrong, in words for people.</param>
internal sealed record Problem(string Title);

/// <summary>Answers that say what is wrong.</summary>
internal static class Answer
{
    public static Task WriteAsync(HttpContext context, int status, string title)
    {
        if (context.Response.HasStarted) return Task.CompletedTask;
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new Problem(title), context.RequestAborted);
    }

    public static IResult Of(int status, string title) => TypedResults.Json(new Problem(title), statusCode: status);

    public static IResult? Of(AccessResult result) => result.Outcome switch
    {
        AccessOutcome.Done => null,
        AccessOutcome.Missing => Of(StatusCodes.Status404NotFound, result.Problem),
        AccessOutcome.Conflict => Of(StatusCodes.Status409Conflict, result.Problem),
        _ => Of(StatusCodes.Status400BadRequest, result.Problem),
    };
}
